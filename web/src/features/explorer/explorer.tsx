import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { asQueryProblem } from '../../shared/api-problem.ts';
import { counted, countText } from '../../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../../shared/problem-face.tsx';
import { ScrollBox } from '../../shared/scroll-box.tsx';
import { TableSkeleton } from '../../shared/table-skeleton.tsx';
import { useKeys } from '../../shared/use-keys.ts';
import { SearchBox } from './search-box.tsx';
import type { Narrowing } from './use-narrowing.ts';
import type { usePages } from './use-pages.ts';

export interface Column<Item> {
  readonly head: string;
  readonly cell: (item: Item) => ReactNode;
  /** `num` stands at the right; `two` has a second line; `told` breaks anywhere. */
  readonly className?: string;
  /** Said before a number where rows are stacked. */
  readonly isLabelled?: boolean;
}

interface ListAnswer<Item> {
  readonly items: readonly Item[];
  readonly total: number;
  /** There are more than those that were counted. */
  readonly isMore?: boolean;
  readonly nextCursor: string | null;
}

/** How many rows there are; of very many, more than so many. */
function totalText({ total, isMore = false }: Pick<ListAnswer<unknown>, 'total' | 'isMore'>): string {
  return `${isMore ? 'more than ' : ''}${countText(total)}`;
}

/** A list of what is stored: its head with the number of rows, what narrows it, the rows, and its faces. */
export function Explorer<Item>({
  name,
  noun,
  about,
  search,
  filters,
  pages,
  columns,
  keyOf,
  narrowing: { onWords, isNarrowed, clear: onClear },
  empty,
  testId,
}: {
  name: string;
  /** Of one row. */
  noun: readonly [one: string, many: string];
  about: string;
  search: {
    readonly value: string;
    readonly placeholder: string;
  };
  filters: ReactNode;
  pages: ReturnType<typeof usePages<Item, ListAnswer<Item>>>;
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
  narrowing: Narrowing;
  /** What would be here, and the next step. */
  empty: ReactNode;
  testId: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({
    search: () => input.current?.focus(),
    ...(isNarrowed && { clear: onClear }),
    close: () => {
      if (document.activeElement === input.current) input.current?.blur();
      else if (isNarrowed) onClear();
    },
  });
  const { first, items, error } = pages;
  const problem = asQueryProblem(error);
  return (
    <main id="main" className="page" data-testid={testId}>
      <title>{`${name} · Security Inbox`}</title>
      <header className="head">
        <h1>{name}</h1>
        <span className="sub cut">
          <span data-testid="total">
            {first !== null &&
              (first.isMore ? `${totalText(first)} ${noun[1]}` : counted(first.total, noun[0], noun[1]))}
          </span>
          <span className="wide">, {about}</span>
        </span>
      </header>
      <div className="narrowing">
        <SearchBox
          label={`Search in ${noun[1]}`}
          placeholder={search.placeholder}
          value={search.value}
          input={input}
          problem={problem?.detail ?? null}
          onChange={onWords}
        />
        {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent */}
        <div className="choices" role="group" aria-label="Show only">
          {filters}
        </div>
      </div>
      {error !== null && problem === null ? (
        <ProblemFace error={error} retry={pages.retry} />
      ) : first === null ? (
        problem === null && <TableSkeleton label={`Reading the ${noun[1]}`} />
      ) : items.length === 0 && isNarrowed ? (
        <EmptyFace title={`No ${noun[0]} fits`}>
          <p className="muted">Fewer conditions show more.</p>
          <button type="button" className="btn" onClick={onClear}>
            Clear the conditions
          </button>
        </EmptyFace>
      ) : items.length === 0 ? (
        <EmptyFace title={`No ${noun[0]} is known`}>{empty}</EmptyFace>
      ) : (
        <ScrollBox label={`${name}, scrolling`} className="sections" busy={pages.isBusy}>
          <section className="section explorer" aria-label={name}>
            <table className="plain">
              <thead>
                <tr>
                  {columns.map(({ head, className }) => (
                    <th key={head} scope="col" className={className}>
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={keyOf(item)} data-testid="row">
                    {columns.map(({ head, cell, className, isLabelled }) => (
                      <td key={head} className={className} data-label={isLabelled ? head : undefined}>
                        {cell(item)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            <Rest pages={pages} shown={items.length} total={totalText(first)} />
          </section>
        </ScrollBox>
      )}
    </main>
  );
}

/** The foot of a list: it asks for the next page when it comes near, and has a button where that failed. */
function Rest({
  pages,
  shown,
  total,
}: {
  pages: { hasMore: boolean; isFetchingMore: boolean; hasFailedMore: boolean; more: () => void };
  shown: number;
  total: string;
}) {
  const { hasMore, isFetchingMore, hasFailedMore, more } = pages;
  const current = useRef(more);
  useEffect(() => {
    current.current = more;
  });
  const wanted = hasMore && !isFetchingMore && !hasFailedMore;
  const watch = useCallback(
    (element: HTMLElement | null) => {
      if (element === null || !wanted) return;
      const observer = new IntersectionObserver(
        (entries) => entries.some(({ isIntersecting }) => isIntersecting) && current.current(),
        { rootMargin: '800px' },
      );
      observer.observe(element);
      return () => observer.disconnect();
    },
    [wanted],
  );
  if (hasFailedMore)
    return (
      <p className="rest" role="alert">
        The next rows could not be loaded.
        <button type="button" className="btn" onClick={more}>
          Try again
        </button>
      </p>
    );
  return (
    <p className="rest" ref={watch}>
      {hasMore ? `${countText(shown)} of ${total}` : shown > 20 && 'That is all.'}
    </p>
  );
}

/** One choice that narrows a list. */
export function Choice({
  isOn,
  count,
  onToggle,
  children,
}: {
  isOn: boolean;
  count?: number;
  onToggle: () => void;
  children: ReactNode;
}) {
  return (
    <button type="button" className="choice" aria-pressed={isOn} onClick={onToggle}>
      {children}
      {count !== undefined && <span className="n">{countText(count)}</span>}
    </button>
  );
}
