import type { ReactNode } from 'react';
import { detectedRiskSchema } from '../../../../src/contract/detected-risk.ts';
import { findingTypeSchema } from '../../../../src/contract/finding-type.ts';
import type { Facets as FacetCounts } from '../../../../src/contract/inbox-page.ts';
import { severitySchema } from '../../../../src/contract/severity.ts';
import { Icon } from '../../shared/icon.tsx';
import {
  type InboxChange,
  type InboxFilter,
  type InboxSearch,
  isNarrowed,
  toggled,
  withoutWord,
} from '../../shared/inbox-address.ts';
import { countText, shortCount } from '../../shared/number-text.ts';
import { RiskGlyph } from '../../shared/risk-glyph.tsx';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { riskWords, severityWords, typeWords } from '../../shared/words.ts';
import { Views } from './views.tsx';

function Choice({
  pressed,
  mark,
  label,
  count,
  unknown,
  onToggle,
  onExclude,
}: {
  pressed: boolean;
  mark: ReactNode;
  label: string;
  count: number;
  unknown?: number;
  onToggle: () => void;
  /** All but these. */
  onExclude: () => void;
}) {
  return (
    <li>
      <button
        type="button"
        className="fv"
        aria-pressed={pressed}
        title="With Alt all but these"
        onClick={(event) => (event.altKey ? onExclude() : onToggle())}
      >
        {mark}
        <span className="lab cut">{label}</span>
        <span className="n" title={countText(count)}>
          {unknown === undefined ? countText(count) : shortCount(count)}
        </span>
        {unknown !== undefined && (
          <span className="n u" title={`${countText(unknown)} unknown`}>
            {shortCount(unknown)}
            <span className="sr"> unknown</span>
          </span>
        )}
      </button>
    </li>
  );
}

const tick = (
  <span className="tick" aria-hidden="true">
    <Icon name="check" />
  </span>
);

/** What the list can be narrowed to, with the number of issues that each choice would leave. */
export function Facets({
  facets,
  admitted,
  whole,
  filter,
  search,
  canShare,
  onChange,
  onHide,
  onShow,
}: {
  facets: FacetCounts;
  /** Issues in the inbox. */
  admitted: number;
  /** Issues in all, with the filter; null while nobody asked. */
  whole: number | null;
  filter: InboxFilter;
  /** The same as it stands in the address. */
  search: InboxSearch;
  canShare: boolean;
  onChange: (change: InboxChange) => void;
  onHide: () => void;
  onShow: () => void;
}) {
  const { severity, risk, type } = facets;
  return (
    <aside className="facets col" aria-label="Views and filters">
      <div className="top">
        <h2>Inbox</h2>
        <button
          type="button"
          className="icon"
          aria-label="Hide the filters"
          title="Hide the filters  (f)"
          onClick={onHide}
        >
          <Icon name="side" />
        </button>
      </div>
      <ScrollBox label="Views and filters, scrolling" className="scroll">
        <ul className="views">
          <li>
            <button
              type="button"
              className="fv"
              aria-current={!filter.all || undefined}
              onClick={() => onChange({ all: undefined })}
            >
              <span className="lab cut">To fix</span>
              <span className="n">{countText(admitted)}</span>
            </button>
          </li>
          <li>
            <button
              type="button"
              className="fv"
              aria-current={filter.all || undefined}
              title="What no rule admits too, marked so  (n)"
              onClick={() => onChange({ all: true })}
            >
              <span className="lab cut">All issues</span>
              <span className="n">{whole === null ? '' : countText(whole)}</span>
            </button>
          </li>
        </ul>
        <Views
          search={search}
          canSave={isNarrowed(filter) || filter.all || search.by !== undefined}
          canShare={canShare}
          onChange={onChange}
          onShow={onShow}
        />
        <h3>Severity</h3>
        <ul>
          {severitySchema.options.map((word) => (
            <Choice
              key={word}
              pressed={filter.severity.includes(word)}
              mark={<span className={`sw ${word}`} aria-hidden="true" />}
              label={severityWords[word]}
              count={severity[word]}
              onToggle={() => onChange({ severity: toggled(filter.severity, word) })}
              onExclude={() => onChange({ q: withoutWord(filter.q, `severity:${word}`) })}
            />
          ))}
        </ul>
        <h3>
          Detected risk
          <span className="two-counts" aria-hidden="true">
            <span>yes</span>
            <RiskGlyph risk="publicly_accessible" state="unknown" />
          </span>
        </h3>
        <ul>
          {detectedRiskSchema.options.map((word) => (
            <Choice
              key={word}
              pressed={filter.risk.includes(word)}
              mark={<RiskGlyph risk={word} state="yes" />}
              label={riskWords[word]}
              count={risk[word].yes}
              unknown={risk[word].unknown}
              onToggle={() => onChange({ risk: toggled(filter.risk, word) })}
              onExclude={() => onChange({ q: withoutWord(filter.q, `risk:${word}`) })}
            />
          ))}
        </ul>
        <h3>Type</h3>
        <ul>
          {findingTypeSchema.options.map((word) => (
            <Choice
              key={word}
              pressed={filter.type.includes(word)}
              mark={tick}
              label={typeWords[word]}
              count={type[word]}
              onToggle={() => onChange({ type: toggled(filter.type, word) })}
              onExclude={() => onChange({ q: withoutWord(filter.q, `type:${word}`) })}
            />
          ))}
        </ul>
      </ScrollBox>
    </aside>
  );
}
