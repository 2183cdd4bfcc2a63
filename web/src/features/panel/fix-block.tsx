import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { CommandLine } from '../../shared/command-line.tsx';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';
import { ControlFacts } from './control-facts.tsx';
import { fixesOf, placesOf } from './fixes-of.ts';
import { UpgradeSteps } from './upgrade-steps.tsx';

/** Shown of very many. */
const PLACES_SHOWN = 10;

/** What fixes it: the control's remediation, versions to go to and the lines that do it, what the sources say, and where. */
export function FixBlock({ issue }: { issue: IssueDetail }) {
  const { findings, upgrades, why } = issue;
  const { control } = why;
  const fixes = upgrades.length > 0 ? [] : fixesOf(findings);
  const places = upgrades.length > 0 ? [] : placesOf(findings);
  if (fixes.length === 0 && control === null && upgrades.length === 0 && places.length === 0) return null;
  const [first] = upgrades;
  return (
    <Fold
      name="fix"
      title="How to fix it"
      aside={
        first === undefined
          ? undefined
          : first.to !== null
            ? `fixed in ${first.to}`
            : upgrades.some(({ to }) => to !== null)
              ? 'partly fixed'
              : undefined
      }
    >
      {control !== null && (
        <>
          <p className="prose told" data-testid="remediation">
            {control.remediation.text}
          </p>
          {control.remediation.command !== null && <CommandLine command={control.remediation.command} />}
          <ControlFacts control={control} />
        </>
      )}
      {upgrades.map((upgrade) => (
        <UpgradeSteps key={`${upgrade.ecosystem} ${upgrade.name}`} upgrade={upgrade} />
      ))}
      {control !== null && fixes.length > 0 && <h4 className="caption">What the scanner says</h4>}
      <ul className="fixes">
        {fixes.map((fix) => (
          <li key={fix.text}>
            <p className="prose told">{fix.text}</p>
            {fixes.length > 1 && <span className="muted">{counted(fix.findings, 'finding')}</span>}
          </li>
        ))}
      </ul>
      <Places places={places} />
    </Fold>
  );
}

function Places({ places }: { places: ReturnType<typeof placesOf> }) {
  if (places.length === 0) return null;
  const rest = places.length - PLACES_SHOWN;
  return (
    <>
      <h4 className="caption">Where</h4>
      <ul className="places" data-testid="fix-places">
        {places.slice(0, PLACES_SHOWN).map(({ place, on }) => (
          <li key={`${on} ${place}`} className="told">
            <span className="mono">{place}</span> <span className="muted">in {on}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="muted">and {counted(rest, 'more place')}, each with its finding below</p>}
    </>
  );
}
