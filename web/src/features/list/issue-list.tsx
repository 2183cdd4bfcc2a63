import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { IssueGroup } from '../../../../src/contract/inbox-page.ts';
import { ROW_HEIGHTS, useDensity } from '../../shared/density.ts';
import { countText } from '../../shared/number-text.ts';
import { remInPixels } from '../../shared/rem.ts';
import { GroupHead, GroupRest } from './group-head.tsx';
import { IssueRowLine } from './issue-row.tsx';
import { ListHead } from './list-head.tsx';
import type { IssueLine, ListLine } from './list-lines.ts';
import { isMoreWanted } from './more-wanted.ts';
import { WaitingHead } from './waiting-head.tsx';

/** Rows that are drawn beyond the window, so that none is missing while one scrolls; few in the first picture. */
const OVERSCAN = 12;
const OVERSCAN_FIRST = 2;
/** In rem, as in list.css and widths.css: up to which width of the list rows have two lines, and heights. */
const TWO_LINE_WIDTH = 35;
const TWO_LINE_ROW = 3.75;
const GROUP = 2.25;
const HEAD = 1.75;

export interface MorePages {
  readonly has: boolean;
  readonly loading: boolean;
  readonly failed: boolean;
  readonly load: () => void;
}

/**
 * The ranked list: only the rows in sight are in the page, the next page is loaded before the end is
 * reached. `above` scrolls with the rows.
 */
export function IssueList({
  lines,
  total,
  cursor,
  opened,
  picked,
  places,
  busy,
  now,
  more,
  above,
  onPick,
  onOpen,
  onFold,
  onMore,
  onAssign,
}: {
  lines: readonly ListLine[];
  /** Issues in all pages, loaded or not. */
  total: number;
  /** The key of its line. */
  cursor: string | null;
  opened: string | null;
  /** Whether an issue is selected; null: whoever looks selects nothing. */
  picked: ((id: string) => boolean) | null;
  /** Where issues stood before, by id, while that is worth saying. */
  places: ReadonlyMap<string, number>;
  busy: boolean;
  now: number;
  more: MorePages;
  above?: ReactNode;
  onPick: (id: string) => void;
  onOpen: (line: IssueLine) => void;
  onFold: (group: IssueGroup) => void;
  /** The rest of a group is asked for. */
  onMore: (group: IssueGroup) => void;
  /** Null: whoever looks decides nothing. */
  onAssign: ((group: IssueGroup) => void) | null;
}) {
  const density = useDensity();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  // The same from one drawing to the next, so that only rows that changed are drawn again.
  const asked = useRef({ picked, onPick, onOpen });
  useEffect(() => {
    asked.current = { picked, onPick, onOpen };
  });
  const pick = useCallback((id: string) => {
    if (asked.current.picked !== null) asked.current.onPick(id);
  }, []);
  const open = useCallback((line: IssueLine) => asked.current.onOpen(line), []);
  const [place, setPlace] = useState(() => ({ offset: 0, narrow: false, rem: remInPixels() }));

  useLayoutEffect(() => {
    const box = scroller.current;
    const rows = body.current;
    if (!box || !rows) return;
    let above = box.getBoundingClientRect().top;
    const measure = () => {
      const { top } = box.getBoundingClientRect();
      // What is said above the list later moves no row of a list that somebody scrolled.
      if (top !== above && box.scrollTop > 0) box.scrollBy(0, top - above);
      above = top;
      const offset = rows.getBoundingClientRect().top - top + box.scrollTop;
      const rem = remInPixels();
      const narrow = box.clientWidth <= TWO_LINE_WIDTH * rem;
      const isAsBefore = (old: typeof place) =>
        old.offset === offset && old.narrow === narrow && old.rem === rem;
      setPlace((old) => (isAsBefore(old) ? old : { offset, narrow, rem }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    const picture = requestAnimationFrame(() => setTimeout(() => setDrawn(true)));
    return () => cancelAnimationFrame(picture);
  }, []);

  const rowHeight = place.rem * (place.narrow ? TWO_LINE_ROW : ROW_HEIGHTS[density]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'issue' ? rowHeight : GROUP * place.rem),
    // The same from one drawing to the next: with another one the places of all lines are worked out again.
    getItemKey: useCallback((index: number) => lines[index]?.key ?? index, [lines]),
    overscan: isDrawn ? OVERSCAN : OVERSCAN_FIRST,
    scrollMargin: place.offset,
    scrollPaddingStart: HEAD * place.rem,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights changed, what was measured is void
  useLayoutEffect(() => virtual.measure(), [rowHeight, virtual]);

  const items = virtual.getVirtualItems();
  const lastInSight = items.at(-1)?.index ?? 0;
  const left = lines.length - 1 - lastInSight;
  const wanted =
    more.has && !more.loading && !more.failed && isMoreWanted(left, (virtual.scrollOffset ?? 0) > 0);
  const { load } = more;
  useEffect(() => {
    if (wanted) load();
  }, [wanted, load]);

  const cursorAt = useMemo(() => lines.findIndex((line) => line.key === cursor), [lines, cursor]);
  // What comes or goes above the row with the cursor leaves it where it is in the window.
  // Counted from the first row: what stands above the rows is measured after they were drawn first.
  const start = (virtual.measurementsCache[cursorAt]?.start ?? Number.NaN) - virtual.options.scrollMargin;
  const held = useRef({ cursor, start, rowHeight });
  useLayoutEffect(() => {
    const before = held.current;
    held.current = { cursor, start, rowHeight };
    if (before.cursor !== cursor || before.rowHeight !== rowHeight) return;
    const moved = start - before.start;
    if (moved !== 0 && !Number.isNaN(moved)) scroller.current?.scrollBy(0, moved);
  }, [cursor, start, rowHeight]);

  const cursorBefore = useRef<string | null>(null);
  useEffect(() => {
    if (cursor === cursorBefore.current || cursorAt === -1) return;
    cursorBefore.current = cursor;
    virtual.scrollToIndex(cursorAt, { align: 'auto' });
    // The row may enter the page only after the scroll.
    const focus = requestAnimationFrame(() => {
      const held = document.activeElement;
      if (held !== document.body && !scroller.current?.contains(held)) return;
      scroller.current?.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(focus);
  }, [cursor, cursorAt, virtual]);

  useEffect(() => {
    // The panel took the focus with it when it closed.
    if (opened !== null || document.activeElement !== document.body) return;
    scroller.current?.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true });
  }, [opened]);

  // The head of the columns and the heads of groups are rows too; of a list in groups all that are there count.
  const { heads, isGrouped } = useMemo(
    () => ({
      heads: lines.filter((line) => line.kind !== 'issue').length,
      isGrouped: lines.some((line) => line.kind === 'group'),
    }),
    [lines],
  );
  const rowCount = (isGrouped ? lines.length : total + heads) + 1;
  const cursorInSight = items.some((item) => item.index === cursorAt);
  return (
    <div
      className={busy ? 'scroll visually-busy' : 'scroll'}
      ref={scroller}
      aria-busy={busy}
      // While the row with the cursor is scrolled away, the keyboard still needs a place to stop.
      tabIndex={cursorInSight ? undefined : 0}
    >
      {above}
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table */}
      <div className="grid" role="grid" aria-label="Issues in rank order" aria-rowcount={rowCount}>
        <ListHead />
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className="rows" role="rowgroup" ref={body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            const style = { transform: `translateY(${item.start - place.offset}px)` };
            if (line === undefined) return null;
            if (line.kind === 'waiting') {
              return (
                <WaitingHead key={item.key} count={line.count} rowIndex={item.index + 2} style={style} />
              );
            }
            const rowIndex = item.index + 2;
            if (line.kind === 'group') {
              return (
                <GroupHead
                  key={item.key}
                  group={line.group}
                  isFolded={line.isFolded}
                  rowIndex={rowIndex}
                  style={style}
                  onFold={() => onFold(line.group)}
                  onAssign={onAssign === null ? null : () => onAssign(line.group)}
                />
              );
            }
            if (line.kind === 'more') {
              return (
                <GroupRest
                  key={item.key}
                  left={line.left}
                  from={line.from}
                  rowIndex={rowIndex}
                  style={style}
                  onMore={() => onMore(line.group)}
                />
              );
            }
            const { id } = line.issue;
            return (
              <IssueRowLine
                key={item.key}
                line={line}
                rowIndex={rowIndex}
                current={line.key === cursor}
                opened={id === opened}
                picked={picked?.(id) ?? false}
                before={places.get(id) ?? null}
                now={now}
                top={item.start - place.offset}
                onPick={pick}
                onOpen={open}
              />
            );
          })}
        </div>
      </div>
      {more.failed ? (
        <p className="rest" role="alert">
          The next rows could not be loaded.
          <button type="button" className="btn" onClick={load}>
            Try again
          </button>
        </p>
      ) : (
        more.has && <p className="rest">Loading more of {countText(total)}</p>
      )}
    </div>
  );
}
