import { type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react';
import { remInPixels, USUAL_REM } from '../../shared/rem.ts';

const KEPT = 'security-inbox.panel';
/** In pixels while a rem is 16 of them (web-design §1); wider with larger text. */
const LEAST = 400;
const MOST = 760;
const STEP = 24;

/** A width that a panel may have; null for what is none. */
export function panelWidth(text: string | null): number | null {
  const width = Number.parseInt(text ?? '', 10);
  return Number.isNaN(width) ? null : Math.min(MOST, Math.max(LEAST, width));
}

/** The left edge of the panel: the pointer or ← and → make it wider or narrower, which this browser keeps; twice is as it was. */
export function PanelEdge() {
  const [width, setWidth] = useState(() => panelWidth(localStorage.getItem(KEPT)));
  useEffect(() => {
    const root = document.documentElement;
    if (width === null) localStorage.removeItem(KEPT);
    else {
      localStorage.setItem(KEPT, `${width}`);
      root.style.setProperty('--panel', `${width / USUAL_REM}rem`);
    }
    return () => void root.style.removeProperty('--panel');
  }, [width]);
  const inUsual = (pixels: number) => (pixels / remInPixels()) * USUAL_REM;
  const now = (edge: Element) => inUsual(edge.parentElement?.getBoundingClientRect().width ?? LEAST);
  const drag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? 0;
    setWidth(panelWidth(`${inUsual(right - event.clientX)}`));
  };
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    setWidth(panelWidth(`${now(event.currentTarget) + by}`));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved has no element
    <div
      className="edge"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the panel"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={width ?? 520}
      tabIndex={0}
      title="Drag, or ← and →; twice for the usual width"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => setWidth(null)}
      onKeyDown={press}
    />
  );
}
