import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../shared/icon.tsx';

/** Above the map of an issue: the way back, how much is shown (`children`), as what, and saving the picture. */
export function MapHead({
  id,
  title,
  isText,
  show,
  save,
  children,
}: {
  id: string;
  title: string;
  isText: boolean;
  show: (as: 'text' | undefined) => void;
  save: (as: 'svg' | 'png') => void;
  children: ReactNode;
}) {
  return (
    <header className="head map-head">
      <Link
        className="icon"
        to="/issues/$id"
        params={{ id }}
        aria-label="Back to the issue"
        title="Back to the issue  (Esc)"
      >
        <Icon name="left" />
      </Link>
      <h1 className="cut told" title={title}>
        {title}
      </h1>
      <span className="sub wide nowrap">{children}</span>
      <div className="right">
        {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent */}
        <div className="tabs" role="group" aria-label="Show as">
          <button type="button" aria-pressed={!isText} onClick={() => show(undefined)}>
            Picture
          </button>
          <button type="button" aria-pressed={isText} onClick={() => show('text')}>
            Text
          </button>
        </div>
        {!isText && (
          <>
            <button type="button" className="btn quiet wide" onClick={() => save('svg')}>
              Save SVG
            </button>
            <button type="button" className="btn quiet wide" onClick={() => save('png')}>
              Save PNG
            </button>
          </>
        )}
      </div>
    </header>
  );
}
