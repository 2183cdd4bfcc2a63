import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ViewBody } from '../../../../src/contract/view.ts';
import { getViews, removeView, shareView } from '../../shared/api/query-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { Icon } from '../../shared/icon.tsx';
import { type InboxChange, type InboxSearch, NOTHING } from '../../shared/inbox-address.ts';
import { useKeys } from '../../shared/use-keys.ts';
import { useOffers } from '../../shared/use-offers.ts';
import { builtInViews, isViewOf, loadViews, saveViews, type View, withView } from '../../shared/views.ts';

const VIEWS = ['views'];

/** Named lists: those that come with the product, those that the organisation shares, and those that this browser keeps. */
export function Views({
  search,
  canSave,
  canShare,
  onChange,
  onShow,
}: {
  search: InboxSearch;
  /** Something narrows the list that has no name yet. */
  canSave: boolean;
  /** Whoever looks may share a view, and take back their own. */
  canShare: boolean;
  onChange: (change: InboxChange) => void;
  /** Brings this into sight. */
  onShow: () => void;
}) {
  const [own, setOwn] = useState(loadViews);
  const [naming, setNaming] = useState(false);
  const client = useQueryClient();
  const shared = useQuery({ queryKey: VIEWS, queryFn: ({ signal }) => getViews(signal), staleTime: 60_000 });
  const renew = { onSuccess: (list: object) => client.setQueryData(VIEWS, list) };
  const share = useMutation({ mutationFn: shareView, ...renew });
  const remove = useMutation({ mutationFn: removeView, ...renew });
  const failed = share.error ?? remove.error ?? shared.error;
  const keep = (views: readonly View[]) => {
    saveViews(views);
    setOwn(views);
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name') ?? '').trim();
    if (name === '') return;
    const { issue: _, ...narrowing } = search;
    if (form.get('shared') === null) keep(withView(own, { name, search: narrowing }));
    else share.mutate({ name, search: narrowing });
    setNaming(false);
  };
  const sharedViews = (shared.data?.items ?? []).map(({ search: narrowing, ...view }) => ({
    ...view,
    search: withoutGaps(narrowing),
  }));
  const isNew = canSave && ![...builtInViews, ...sharedViews, ...own].some((view) => isViewOf(view, search));
  useKeys({
    ...(isNew && {
      'save-view': () => {
        onShow();
        setNaming(true);
      },
    }),
  });
  useOffers(
    [...sharedViews, ...own].map((view) => ({
      id: `view ${view.name}`,
      words: view.name,
      group: 'Views',
      act: () => onChange({ ...NOTHING, ...view.search }),
    })),
  );
  return (
    <ul className="views" aria-label="Views">
      {builtInViews.map((view) => (
        <li key={view.name}>
          <ViewButton view={view} search={search} onChange={onChange} />
        </li>
      ))}
      {sharedViews.map((view) => (
        <li key={`shared ${view.name}`} className="own" data-testid="shared-view">
          <ViewButton view={view} search={search} sharedBy={view.sharedBy} onChange={onChange} />
          {canShare && (
            <Forget name={view.name} verb="Stop sharing" onForget={() => remove.mutate(view.name)} />
          )}
        </li>
      ))}
      {own.map((view) => (
        <li key={`own ${view.name}`} className="own">
          <ViewButton view={view} search={search} onChange={onChange} />
          <Forget
            name={view.name}
            verb="Forget"
            onForget={() => keep(own.filter(({ name }) => name !== view.name))}
          />
        </li>
      ))}
      {isNew && (
        <li>
          {naming ? (
            <form className="name-view" onSubmit={save} aria-label="Save this view">
              <input
                className="field"
                name="name"
                aria-label="Name of the view"
                placeholder="Name, then Enter"
                maxLength={60}
                required
                ref={(field) => field?.focus()}
                onKeyDown={(event) => event.key === 'Escape' && setNaming(false)}
              />
              {canShare && (
                <label>
                  <input type="checkbox" name="shared" /> for everybody
                </label>
              )}
            </form>
          ) : (
            <button type="button" className="fv" onClick={() => setNaming(true)}>
              <span className="lab cut muted">Save this view</span>
            </button>
          )}
        </li>
      )}
      {failed !== null && (
        <li className="view-trouble muted told">
          <p role="alert">{asProblem(failed).detail}</p>
        </li>
      )}
    </ul>
  );
}

function Forget({ name, verb, onForget }: { name: string; verb: string; onForget: () => void }) {
  const words = `${verb} the view ${name}`;
  return (
    <button type="button" className="icon small" aria-label={words} title={words} onClick={onForget}>
      <Icon name="close" />
    </button>
  );
}

function ViewButton({
  view,
  search,
  sharedBy = null,
  onChange,
}: {
  view: View;
  search: InboxSearch;
  sharedBy?: string | null;
  onChange: (change: InboxChange) => void;
}) {
  const isOn = isViewOf(view, search);
  return (
    <button
      type="button"
      className="fv"
      aria-current={isOn || undefined}
      title={sharedBy === null ? view.name : `Shared by ${sharedBy}`}
      onClick={() => onChange(isOn ? NOTHING : { ...NOTHING, ...view.search })}
    >
      <span className="lab cut told">{view.name}</span>
      {sharedBy !== null && <span className="n">shared</span>}
    </button>
  );
}

/** The same without what is not said. */
function withoutGaps(search: ViewBody['search']): InboxSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as InboxSearch;
}
