import { type FormEvent, useState } from 'react';
import { Icon } from '../../shared/icon.tsx';
import type { InboxChange, InboxSearch } from '../../shared/inbox-address.ts';
import { builtInViews, isViewOf, loadViews, saveViews, type View, withView } from '../../shared/views.ts';

/** What a view leaves out is cleared. */
const NOTHING: InboxChange = {
  all: undefined,
  severity: undefined,
  type: undefined,
  risk: undefined,
  q: undefined,
  by: undefined,
};

/** Named lists: those that come with the product, and those that this browser keeps. */
export function Views({
  search,
  canSave,
  onChange,
}: {
  search: InboxSearch;
  /** Something narrows the list that has no name yet. */
  canSave: boolean;
  onChange: (change: InboxChange) => void;
}) {
  const [own, setOwn] = useState(loadViews);
  const [naming, setNaming] = useState(false);
  const keep = (views: readonly View[]) => {
    saveViews(views);
    setOwn(views);
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name === '') return;
    const { issue: _, ...narrowing } = search;
    keep(withView(own, { name, search: narrowing }));
    setNaming(false);
  };
  const isNew = canSave && ![...builtInViews, ...own].some((view) => isViewOf(view, search));
  return (
    <ul className="views" aria-label="Views">
      {builtInViews.map((view) => (
        <li key={view.name}>
          <ViewButton view={view} search={search} onChange={onChange} />
        </li>
      ))}
      {own.map((view) => (
        <li key={view.name} className="own">
          <ViewButton view={view} search={search} onChange={onChange} />
          <button
            type="button"
            className="icon small"
            aria-label={`Forget the view ${view.name}`}
            onClick={() => keep(own.filter(({ name }) => name !== view.name))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
      {isNew && (
        <li>
          {naming ? (
            <form className="name-view" onSubmit={save}>
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
            </form>
          ) : (
            <button type="button" className="fv" onClick={() => setNaming(true)}>
              <span className="lab cut muted">Save this view</span>
            </button>
          )}
        </li>
      )}
    </ul>
  );
}

function ViewButton({
  view,
  search,
  onChange,
}: {
  view: View;
  search: InboxSearch;
  onChange: (change: InboxChange) => void;
}) {
  const isOn = isViewOf(view, search);
  return (
    <button
      type="button"
      className="fv"
      aria-current={isOn || undefined}
      onClick={() => onChange(isOn ? NOTHING : { ...NOTHING, ...view.search })}
    >
      <span className="lab cut told">{view.name}</span>
    </button>
  );
}
