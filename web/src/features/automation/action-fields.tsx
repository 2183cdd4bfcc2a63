import type { RuleInput } from '../../../../src/contract/automation-rule.ts';
import { severitySchema } from '../../../../src/contract/severity.ts';
import { severityWords } from '../../shared/words.ts';
import { closingTickets } from './rule-draft.ts';
import { TrackerField } from './tracker-field.tsx';

type Action = RuleInput['action'];

const reasons = {
  false_positive: 'False positive',
  risk_accepted: 'Risk accepted',
  pending_fix: 'Fix is on its way',
  no_fix: 'There is no fix',
  duplicate: 'Duplicate',
  other: 'Other',
} as const;
const starts = {
  first_seen: 'it was first seen',
  fix_available: 'a fix was available',
  kev: 'it became known to be exploited',
} as const;

/** What a rule does, as fields of its type. */
export function ActionFields({ action, onChange }: { action: Action; onChange: (action: Action) => void }) {
  switch (action.type) {
    case 'severity':
      return (
        <label>
          Severity becomes
          <select
            className="field"
            value={'set' in action ? action.set : action.shift}
            onChange={({ target: { value } }) =>
              onChange(
                value === 'up_one' || value === 'down_one'
                  ? { type: 'severity', shift: value }
                  : { type: 'severity', set: severitySchema.parse(value) },
              )
            }
          >
            {severitySchema.options.map((word) => (
              <option key={word} value={word}>
                {severityWords[word]}
              </option>
            ))}
            <option value="up_one">one higher</option>
            <option value="down_one">one lower</option>
          </select>
        </label>
      );
    case 'mute':
      return (
        <>
          <label>
            Reason
            <select
              className="field"
              value={action.reason}
              onChange={({ target: { value } }) =>
                onChange({ ...action, reason: value as keyof typeof reasons })
              }
            >
              {Object.entries(reasons).map(([word, text]) => (
                <option key={word} value={word}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            Until, in UTC
            <input
              type="date"
              className="field"
              value={action.until?.slice(0, 10) ?? ''}
              onChange={({ target: { value } }) =>
                onChange({ ...action, until: value === '' ? null : `${value}T00:00:00.000Z` })
              }
            />
          </label>
          <label>
            Why
            <input
              className="field"
              maxLength={500}
              value={action.description ?? ''}
              onChange={({ target: { value } }) =>
                onChange({ ...action, description: value === '' ? null : value })
              }
            />
          </label>
        </>
      );
    case 'due_date':
      return (
        <>
          <fieldset className="days">
            <legend>Days, by severity; empty is no date</legend>
            {severitySchema.options.map((word) => (
              <label key={word}>
                <span className={word}>{severityWords[word]}</span>
                <input
                  type="number"
                  className="field"
                  min={1}
                  max={3650}
                  value={action.days[word] ?? ''}
                  onChange={({ target: { value } }) => {
                    const { [word]: _, ...others } = action.days;
                    onChange({
                      ...action,
                      days: value === '' ? others : { ...others, [word]: Number(value) },
                    });
                  }}
                />
              </label>
            ))}
          </fieldset>
          <label>
            Counted from when
            <select
              className="field"
              value={action.from}
              onChange={({ target: { value } }) =>
                onChange({ ...action, from: value as keyof typeof starts })
              }
            >
              {Object.entries(starts).map(([word, text]) => (
                <option key={word} value={word}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        </>
      );
    case 'inbox':
      return (
        <label>
          Reason shown on the issue
          <input
            className="field"
            maxLength={500}
            value={action.reason}
            onChange={({ target: { value } }) => onChange({ ...action, reason: value })}
          />
        </label>
      );
    case 'assign':
      return (
        <>
          <label>
            Team
            <input
              className="field"
              maxLength={200}
              value={action.team ?? ''}
              onChange={({ target: { value } }) => onChange({ ...action, team: value === '' ? null : value })}
            />
          </label>
          <label>
            Person
            <input
              className="field"
              maxLength={200}
              value={action.person ?? ''}
              onChange={({ target: { value } }) =>
                onChange({ ...action, person: value === '' ? null : value })
              }
            />
          </label>
        </>
      );
    case 'ticket':
      return (
        <>
          <TrackerField value={action.receiver} onChange={(receiver) => onChange({ ...action, receiver })} />
          <label>
            Tickets a day at most
            <input
              type="number"
              className="field"
              min={1}
              max={500}
              value={action.perDay}
              onChange={({ target: { value } }) => onChange({ ...action, perDay: Number(value) })}
            />
          </label>
          <label className="check-line">
            <input
              type="checkbox"
              className="check"
              checked={action.existing}
              onChange={({ target: { checked } }) => onChange({ ...action, existing: checked })}
            />
            For issues too that match already
          </label>
          <label className="check-line">
            <input
              type="checkbox"
              className="check"
              checked={action.all}
              onChange={({ target: { checked } }) => onChange({ ...action, all: checked })}
            />
            For issues too that are not in the inbox
          </label>
          <label className="check-line">
            <input
              type="checkbox"
              className="check"
              checked={action.keepsOpen !== true}
              onChange={({ target: { checked } }) => onChange(closingTickets(action, checked))}
            />
            Closes its tickets when their issue is resolved
          </label>
        </>
      );
  }
}
