import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ROW_HEIGHTS, useDensity } from '../../shared/density.ts';
import { countText } from '../../shared/number-text.ts';
import { IssueRowLine } from './issue-row.tsx';
import { ListHead } from './list-head.tsx';
import type { ListLine } from './list-lines.ts';
import { WaitingHead } from './waiting-head.tsx';

/** The next page is asked for when fewer rows than this are left below the window. */
const AHEAD = 30;
const OVERSCAN = 12;
/** Rows of two lines, where the list is narrower than this; the same width is in list.css. */
const TWO_LINE_WIDTH = 560;
const TWO_LINE_ROW = 60;
const GROUP = 36;
const HEAD = 28;

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
  busy,
  now,
  more,
  above,
  onPick,
  onOpen,
}: {
  lines: readonly ListLine[];
  /** Issues in all pages, loaded or not. */
  total: number;
  cursor: string | null;
  opened: string | null;
  /** Whether an issue is selected; null: whoever looks selects nothing. */
  picked: ((id: string) => boolean) | null;
  busy: boolean;
  now: number;
  more: MorePages;
  above?: ReactNode;
  onPick: (id: string) => void;
  onOpen: (id: string) => void;
}) {
  const density = useDensity();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ offset: 0, narrow: false });

  useLayoutEffect(() => {
    const box = scroller.current;
    const rows = body.current;
    if (!box || !rows) return;
    const measure = () => {
      const offset = rows.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
      const narrow = box.clientWidth <= TWO_LINE_WIDTH;
      setPlace((old) => (old.offset === offset && old.narrow === narrow ? old : { offset, narrow }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  const rowHeight = place.narrow ? TWO_LINE_ROW : ROW_HEIGHTS[density];
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'waiting' ? GROUP : rowHeight),
    getItemKey: (index) => {
      const line = lines[index];
      return line?.kind === 'issue' ? line.issue.id : 'waiting';
    },
    overscan: OVERSCAN,
    scrollMargin: place.offset,
    scrollPaddingStart: HEAD,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights changed, what was measured is void
  useLayoutEffect(() => virtual.measure(), [rowHeight, virtual]);

  const items = virtual.getVirtualItems();
  const lastInSight = items.at(-1)?.index ?? 0;
  const wanted = more.has && !more.loading && !more.failed && lastInSight >= lines.length - AHEAD;
  const { load } = more;
  useEffect(() => {
    if (wanted) load();
  }, [wanted, load]);

  const cursorAt = lines.findIndex((line) => line.kind === 'issue' && line.issue.id === cursor);
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

  // The head of the columns and the head of the group are rows too.
  const rowCount = total + 1 + lines.filter((line) => line.kind === 'waiting').length;
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
            const { issue, rank } = line;
            return (
              <IssueRowLine
                key={item.key}
                issue={issue}
                rank={rank}
                rowIndex={item.index + 2}
                current={issue.id === cursor}
                opened={issue.id === opened}
                picked={picked?.(issue.id) ?? false}
                now={now}
                style={style}
                onPick={() => picked !== null && onPick(issue.id)}
                onOpen={() => onOpen(issue.id)}
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
