import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { Delivery } from '../../../../src/contract/delivery.ts';
import type { Receiver } from '../../../../src/contract/receiver.ts';
import { getDeliveries, makeTicket, runWorkflow } from '../../shared/api/delivery-api.ts';
import { getReceivers } from '../../shared/api/receiver-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { Fold } from '../../shared/fold.tsx';
import { Moment } from '../../shared/moment.tsx';
import { counted } from '../../shared/number-text.ts';
import { ProblemFace } from '../../shared/problem-face.tsx';
import { useKeys } from '../../shared/use-keys.ts';

/** How often is looked whether what waits was delivered; in milliseconds. */
const LOOK = 2_000;

/** Tickets of the issue and workflows that were run about it; with a tracker or a webhook, more of them. */
export function DeliveriesBlock({ id, now, canDecide }: { id: string; now: number; canDecide: boolean }) {
  const deliveries = useQuery({
    queryKey: ['deliveries', id],
    queryFn: ({ signal }) => getDeliveries(id, signal),
    refetchInterval: (query) =>
      query.state.data?.items.some(({ state }) => state === 'waiting') ? LOOK : false,
  });
  const receivers = useQuery({ queryKey: ['receivers'], queryFn: ({ signal }) => getReceivers(signal) });
  const items = deliveries.data?.items ?? [];
  const all = receivers.data?.items ?? [];
  const failed = [deliveries, receivers].find(({ isError }) => isError);
  if (failed !== undefined)
    return (
      <Fold name="deliveries" title="Tickets and workflows">
        <ProblemFace error={failed.error} retry={() => void failed.refetch()} />
      </Fold>
    );
  if (items.length === 0 && all.length === 0) return null;
  const trackers = all.filter(({ kind }) => kind !== 'webhook');
  const webhooks = all.filter(({ kind }) => kind === 'webhook');
  return (
    <Fold name="deliveries" title="Tickets and workflows" aside={counted(items.length, 'made', 'made')}>
      {items.length === 0 && <p className="muted">No ticket yet, and no workflow was run.</p>}
      <ul className="deliveries" data-testid="deliveries">
        {items.map((each) => (
          <DeliveryLine key={each.id} delivery={each} now={now} />
        ))}
      </ul>
      {canDecide && trackers.length > 0 && <TicketForm key={`ticket ${id}`} id={id} trackers={trackers} />}
      {canDecide && webhooks.length > 0 && <WorkflowForm key={`run ${id}`} id={id} webhooks={webhooks} />}
    </Fold>
  );
}

function DeliveryLine({ delivery, now }: { delivery: Delivery; now: number }) {
  const { kind, receiver, state, rule, wantedBy, wantedAt, key, url, sentence } = delivery;
  const name = key ?? (kind === 'ticket' ? 'Ticket' : 'Workflow');
  return (
    <li data-state={state}>
      <span className="told">
        {url === null ? (
          <b>{name}</b>
        ) : (
          <a className="link" href={url} rel="noreferrer noopener" target="_blank">
            {name}
          </a>
        )}{' '}
        in {receiver}, {state}
        <small className="told">
          {rule === null ? `by ${wantedBy}` : `by the rule ${rule}`}
          {sentence !== null && `; ${sentence}`}
        </small>
      </span>
      <Moment at={wantedAt} now={now} />
    </li>
  );
}

function useDelivering<Asked>(id: string, mutationFn: (asked: Asked) => Promise<object>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      await Promise.all(
        ['deliveries', 'history'].map((key) => client.invalidateQueries({ queryKey: [key, id] })),
      );
    },
  });
}

function ReceiverChoice({ receivers }: { receivers: readonly Receiver[] }) {
  return (
    <select className="field" name="receiver" aria-label="Where">
      {receivers.map(({ name, project }) => (
        <option key={name} value={name}>
          {project === null ? name : `${name} (${project})`}
        </option>
      ))}
    </select>
  );
}

function Failure({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <p className="critical told" role="alert">
      {asProblem(error).detail}
    </p>
  );
}

function TicketForm({ id, trackers }: { id: string; trackers: readonly Receiver[] }) {
  const make = useDelivering(id, (receiver: string) => makeTicket(id, receiver));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(String(new FormData(event.currentTarget).get('receiver')));
  };
  return (
    <form className="deliver" onSubmit={submit} aria-label="Make a ticket">
      <ReceiverChoice receivers={trackers} />
      <button type="submit" className="btn" disabled={make.isPending}>
        Make a ticket
      </button>
      <Failure error={make.error} />
    </form>
  );
}

/** Lines of `name=value`; a line without a sign is a name without a value. */
function inputsOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
}

function WorkflowForm({ id, webhooks }: { id: string; webhooks: readonly Receiver[] }) {
  const form = useRef<HTMLFormElement>(null);
  useKeys({
    workflow: () => {
      const block = form.current?.closest('details');
      if (block) block.open = true;
      form.current?.querySelector('select')?.focus();
    },
  });
  const [inputs, setInputs] = useState('');
  const run = useDelivering(id, (receiver: string) => runWorkflow(id, receiver, inputsOf(inputs)));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    run.mutate(String(new FormData(event.currentTarget).get('receiver')));
  };
  return (
    <form className="deliver" ref={form} onSubmit={submit} aria-label="Run a workflow">
      <ReceiverChoice receivers={webhooks} />
      <textarea
        className="field mono"
        rows={2}
        aria-label="Inputs, one name=value a line"
        placeholder="name=value"
        value={inputs}
        onChange={(event) => setInputs(event.target.value)}
      />
      <button type="submit" className="btn" disabled={run.isPending}>
        Run the workflow
      </button>
      <Failure error={run.error} />
    </form>
  );
}
