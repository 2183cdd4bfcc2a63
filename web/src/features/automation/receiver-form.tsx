import { type FormEvent, useState } from 'react';
import type { Receiver, ReceiverBody } from '../../../../src/contract/receiver.ts';
import { severitySchema } from '../../../../src/contract/severity.ts';
import { digestTimes, receiverKindWords } from './receiver-kinds.ts';

const KINDS = Object.keys(receiverKindWords) as Receiver['kind'][];

/** What is asked of a tracker or a webhook: where it is, and its secret. `edited`: the one that another is put in the place of. */
export function ReceiverForm({
  edited,
  isFirst,
  busy,
  problem,
  onSave,
  onCancel,
}: {
  edited: Receiver | null;
  /** There is none yet. */
  isFirst: boolean;
  busy: boolean;
  problem: string | null;
  onSave: (receiver: ReceiverBody) => void;
  onCancel: () => void;
}) {
  const [kind, setKind] = useState<Receiver['kind']>(edited?.kind ?? 'github');
  const [hasEvents, setHasEvents] = useState(edited?.events ?? false);
  const getsEvents = kind === 'webhook' && hasEvents;
  const words = receiverKindWords[kind];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
    };
    onSave({
      name: text('name') ?? '',
      kind,
      address: text('address') ?? '',
      project: text('project'),
      ticketType: text('ticketType'),
      account: text('account'),
      allowPrivate: form.has('allowPrivate'),
      events: getsEvents,
      leastSeverity: severitySchema.safeParse(text('leastSeverity')).data ?? null,
      digestMinutes: text('digestMinutes') === null ? null : Number(text('digestMinutes')),
      secret: text('secret') ?? '',
    });
  };
  return (
    <section className="section" aria-labelledby="receiver-form-title">
      <header>
        <h2 id="receiver-form-title">
          {edited !== null ? `Replace ${edited.name}` : isFirst ? 'Set one up' : 'Set up another'}
        </h2>
        <span className="sub">{words.takes}</span>
      </header>
      <form className="receiver-form" aria-labelledby="receiver-form-title" onSubmit={submit}>
        <label>
          Kind
          <select
            className="field"
            value={kind}
            onChange={({ target: { value } }) => setKind(value as Receiver['kind'])}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {receiverKindWords[each].name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Name
          <input
            className="field"
            name="name"
            required
            maxLength={64}
            pattern="[a-z0-9][a-z0-9\-]*"
            title="Small letters, digits and dashes"
            placeholder="platform-issues"
            readOnly={edited !== null}
            defaultValue={edited?.name}
          />
        </label>
        <label>
          {words.address.label}
          <input
            className="field"
            name="address"
            type="url"
            required
            maxLength={2_000}
            placeholder={words.address.example}
            defaultValue={edited?.address}
          />
        </label>
        {words.project !== null && (
          <label>
            {words.project.label}
            <input
              className="field"
              name="project"
              required
              maxLength={200}
              placeholder={words.project.example}
              defaultValue={edited?.project ?? undefined}
            />
          </label>
        )}
        {kind === 'jira' && (
          <>
            <label>
              Type of tickets
              <input
                className="field"
                name="ticketType"
                maxLength={200}
                placeholder="Task"
                defaultValue={edited?.ticketType ?? undefined}
              />
            </label>
            <label>
              Account of the token, of Jira Cloud
              <input
                className="field"
                name="account"
                maxLength={200}
                placeholder="bot@example.com"
                defaultValue={edited?.account ?? undefined}
              />
            </label>
          </>
        )}
        <label>
          {words.secret}
          <input
            className="field"
            name="secret"
            type="password"
            required
            minLength={kind === 'webhook' ? 16 : 1}
            maxLength={4_000}
            autoComplete="off"
          />
        </label>
        <div className="ticks-line">
          {kind === 'webhook' && (
            <label>
              <input
                type="checkbox"
                className="check"
                checked={hasEvents}
                onChange={({ target: { checked } }) => setHasEvents(checked)}
              />{' '}
              gets whatever happens to issues
            </label>
          )}
          <label>
            <input
              type="checkbox"
              className="check"
              name="allowPrivate"
              defaultChecked={edited?.allowPrivate}
            />{' '}
            is on this machine or in this network
          </label>
        </div>
        {getsEvents && (
          <>
            <label>
              Of which issues
              <select className="field" name="leastSeverity" defaultValue={edited?.leastSeverity ?? ''}>
                <option value="">all</option>
                {severitySchema.options.slice(0, -1).map((each, index) => (
                  <option key={each} value={each}>
                    {index === 0 ? each : `${each} and above`}
                  </option>
                ))}
              </select>
            </label>
            <label>
              How it is sent
              <select className="field" name="digestMinutes" defaultValue={edited?.digestMinutes ?? ''}>
                <option value="">each thing as it happens</option>
                {digestTimes(edited?.digestMinutes ?? null).map(({ minutes, text }) => (
                  <option key={minutes} value={minutes}>
                    {`all of ${text} as one message`}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
        {problem !== null && (
          <p className="told critical" role="alert">
            {problem}
          </p>
        )}
        <p className="acts-line">
          <button type="submit" className="btn main" disabled={busy}>
            {edited === null ? 'Set it up' : 'Replace it'}
          </button>
          {edited !== null && (
            <button type="button" className="btn" onClick={onCancel}>
              Keep as it is
            </button>
          )}
        </p>
      </form>
    </section>
  );
}
