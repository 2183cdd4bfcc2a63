import { type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { remInPixels, USUAL_REM } from '../../shared/rem.ts';
import type { MapLayout } from './map-layout.ts';

/** Where the picture lies in its window: shifted by x and y pixels, one unit as `scale` pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const LEAST = 0.25;
const MOST = 4;
/** What fits at this scale is not drawn larger, but in a large window. */
const FIT_MOST = 1.1;
const LARGE = 1_800;
/** What would be smaller than this can not be read whole, and is drawn to be read part by part. */
const FIT_LEAST = 0.8;
const READ_AT = 0.95;
const MARGIN = 20;
const HEAD = 36;
const STEP = 1.25;
const PAN = 60;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole picture in the middle; where it would be too small to read, its beginning. `text` is how large text is, 1 as usual. */
export function fitView({ width, height }: Size, box: Size, text = 1): View {
  const room = { width: box.width - 2 * MARGIN, height: box.height - HEAD - 2 * MARGIN };
  const most = Math.max(FIT_MOST * text, box.width / LARGE);
  const whole = Math.min(most, room.width / width, room.height / height);
  const scale = whole < FIT_LEAST * text ? READ_AT * text : whole;
  return {
    scale,
    x: Math.max(MARGIN, (box.width - width * scale) / 2),
    y: Math.max(HEAD + MARGIN, HEAD + (box.height - HEAD - height * scale) / 2),
  };
}

/** Larger or smaller by a factor, with the point of the window that stays where it is. */
export function zoomed(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(MOST, Math.max(LEAST, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** How far what lies between two places of a window is to be shifted so that all of it is in sight, its beginning first. */
export function intoSight(from: number, to: number, room: number): number {
  if (from < MARGIN) return MARGIN - from;
  return to > room - MARGIN ? Math.max(room - MARGIN - to, MARGIN - from) : 0;
}

/** Zoom by wheel, keys and buttons, and pan by pointer and keys, over a box. */
export function useView(box: RefObject<HTMLElement | null>, layout: MapLayout) {
  const [size, setSize] = useState({ width: 800, height: 600, text: 1 });
  // Null: the whole picture, whatever the size of the window becomes.
  const [chosen, setChosen] = useState<View | null>(null);
  const view = chosen ?? fitView(layout, size, size.text);
  const now = useRef(view);
  useEffect(() => {
    now.current = view;
  });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      const text = remInPixels() / USUAL_REM;
      setSize({ width: element.clientWidth, height: element.clientHeight, text });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // React listens to the wheel passively, and the page would scroll along.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      setChosen(
        zoomed(now.current, Math.exp(-event.deltaY / 400), {
          x: event.clientX - left,
          y: event.clientY - top,
        }),
      );
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
    };
  }, [box]);

  const middle = { x: size.width / 2, y: size.height / 2 };
  const pan = (x: number, y: number) =>
    setChosen({ ...now.current, x: now.current.x + x, y: now.current.y + y });
  const held = useRef<{ readonly x: number; readonly y: number } | null>(null);
  return {
    view,
    zoomIn: () => setChosen(zoomed(now.current, STEP, middle)),
    zoomOut: () => setChosen(zoomed(now.current, 1 / STEP, middle)),
    fit: () => setChosen(null),
    panBy: {
      ArrowLeft: () => pan(PAN, 0),
      ArrowRight: () => pan(-PAN, 0),
      ArrowUp: () => pan(0, PAN),
      ArrowDown: () => pan(0, -PAN),
    } as Readonly<Record<string, () => void>>,
    /** Shifts the picture so far that an element of it is in sight, as a page scrolls to what takes the focus. */
    show: (element: Element) => {
      const outer = box.current?.getBoundingClientRect();
      if (outer === undefined) return;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const x = intoSight(left - outer.left, right - outer.left, outer.width);
      const y = intoSight(top - outer.top, bottom - outer.top, outer.height);
      if (x === 0 && y === 0) return;
      pan(x, y);
      // The page was scrolled to where it was before.
      requestAnimationFrame(() => element.scrollIntoView({ block: 'nearest' }));
    },
    drag: {
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0 || (event.target as Element).closest('[role="button"]')) return;
        held.current = { x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        const from = held.current;
        if (from === null) return;
        held.current = { x: event.clientX, y: event.clientY };
        pan(event.clientX - from.x, event.clientY - from.y);
      },
      onPointerUp: () => {
        held.current = null;
      },
      onPointerCancel: () => {
        held.current = null;
      },
    },
  };
}
