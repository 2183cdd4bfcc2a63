import { useState } from 'react';
import type { Finding, Sighting } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';
import { Icon } from '../../shared/icon.tsx';
import { Moment } from '../../shared/moment.tsx';
import { counted, countText, scoreText } from '../../shared/number-text.ts';
import { scopeText } from '../../shared/scope-text.ts';
import { severityWords } from '../../shared/words.ts';

/** Findings shown before a person asks for the rest. */
const FIRST = 10;

function SightingLine({ sighting, now }: { sighting: Sighting; now: number }) {
  return (
    <li>
      <p className="told">
        <b>{sighting.source}</b> <span className="muted">{scopeText(sighting.scope)}</span>
      </p>
      <p className="muted">
        since <Moment at={sighting.firstSeen} now={now} />
        {sighting.goneAt !== null && (
          <>
            , gone <Moment at={sighting.goneAt} now={now} />
          </>
        )}
        {sighting.notLookedAtSince !== null && (
          <>
            , not looked at since <Moment at={sighting.notLookedAtSince} now={now} />
          </>
        )}
        {sighting.severity !== null && `, says ${sighting.severity}`}
      </p>
      <p className="told">{sighting.title}</p>
      {sighting.locations.length > 0 && (
        <ul className="places">
          {sighting.locations.map((location) => (
            <li key={location} className="mono told">
              {location}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function FindingLine({ finding, now }: { finding: Finding; now: number }) {
  const state = finding.mutedReason === null ? finding.state : `muted: ${finding.mutedReason}`;
  return (
    <li data-testid="finding">
      <details className="finding">
        <summary>
          <Icon name="right" className="i chev" />
          <span className="who">
            <span className="told">{finding.resource.name}</span>
            <small className="told">
              {[finding.resource.kind, finding.environment, ...finding.services, state]
                .filter((part) => part !== null)
                .join(' · ')}
            </small>
          </span>
          <span className={`nowrap ${finding.severity}`}>
            {severityWords[finding.severity]}
            {finding.score !== null && ` ${scoreText(finding.score)}`}
          </span>
        </summary>
        <p className="told">{finding.title}</p>
        <ul className="sightings" aria-label="Sightings">
          {finding.sightings.map((sighting, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sightings have no id and never move
            <SightingLine key={index} sighting={sighting} now={now} />
          ))}
        </ul>
      </details>
    </li>
  );
}

/** Every finding of the issue: on what, how severe there, and which source showed it where. */
export function FindingsBlock({ findings, now }: { findings: readonly Finding[]; now: number }) {
  const [whole, setWhole] = useState(false);
  const open = findings.filter((finding) => finding.state === 'open').length;
  return (
    <Fold name="findings" title="Findings" aside={`${countText(open)} open of ${countText(findings.length)}`}>
      <ul className="findings">
        {(whole ? findings : findings.slice(0, FIRST)).map((finding) => (
          <FindingLine key={finding.id} finding={finding} now={now} />
        ))}
      </ul>
      {!whole && findings.length > FIRST && (
        <button type="button" className="btn more" onClick={() => setWhole(true)}>
          Show all {counted(findings.length, 'finding')}
        </button>
      )}
    </Fold>
  );
}
