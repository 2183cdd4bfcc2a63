import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef } from 'react';
import type { WatchBody } from '../../../src/contract/watch.ts';
import { addWatch } from '../shared/api/supply-api.ts';
import { asProblem } from '../shared/api-problem.ts';

/** What is asked of a place that is to be watched: where it is, how often to look, and whose its reports are. */
export function WatchForm({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const adding = useMutation({
    mutationFn: addWatch,
    onSuccess: (watches) => {
      client.setQueryData(['watches'], watches);
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    adding.mutate(bodyOf(new FormData(event.currentTarget)));
  };
  return (
    <form
      ref={form}
      className="receiver-form"
      aria-label="Watch a place"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <label>
        Folder of the server, or address
        <input
          className="field"
          name="location"
          required
          // biome-ignore lint/a11y/noAutofocus: whoever asked for the form writes into it next
          autoFocus
          maxLength={2_000}
          placeholder="/srv/reports or https://ci.example.com/trivy.json"
        />
      </label>
      <label>
        Look every, in minutes
        <input
          className="field"
          name="everyMinutes"
          type="number"
          required
          min={1}
          max={44_640}
          defaultValue={60}
        />
      </label>
      <label>
        Source, else the tool’s name
        <input className="field" name="source" maxLength={200} placeholder="nightly" />
      </label>
      <label>
        Kept mapping, where no format knows the reports
        <input className="field" name="mapping" maxLength={60} placeholder="acme" />
      </label>
      <label>
        Environment
        <input className="field" name="env" maxLength={100} placeholder="production" />
      </label>
      <label>
        Service
        <input className="field" name="service" maxLength={200} placeholder="checkout" />
      </label>
      <label>
        Team
        <input className="field" name="team" maxLength={200} placeholder="payments" />
      </label>
      <div className="ticks-line">
        <label>
          <input type="checkbox" className="check" name="complete" /> each report is all that there is in its
          scope
        </label>
        <label>
          <input type="checkbox" className="check" name="allowPrivate" /> is on this machine or in this
          network
        </label>
      </div>
      {adding.isError && (
        <p className="told critical" role="alert">
          {asProblem(adding.error).detail}
        </p>
      )}
      <p className="acts-line">
        <button type="submit" className="btn main" disabled={adding.isPending}>
          Watch it
        </button>
        <button type="button" className="btn" onClick={onClose}>
          Cancel
        </button>
      </p>
    </form>
  );
}

function bodyOf(form: FormData): WatchBody {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  return {
    location: text('location') ?? '',
    everyMinutes: Number(text('everyMinutes')),
    allowPrivate: form.has('allowPrivate'),
    reports: {
      source: text('source'),
      mapping: text('mapping'),
      env: text('env'),
      service: text('service'),
      team: text('team'),
      ...(form.has('complete') && { complete: 'true' }),
    },
  };
}
