import { Icon } from '../../shared/icon.tsx';

/** The buttons of a picture that zooms. */
export function ZoomTools({ zoom }: { zoom: { in: () => void; out: () => void; fit: () => void } }) {
  return (
    <div className="tools">
      <button type="button" className="icon" aria-label="Zoom out" title="Zoom out  (-)" onClick={zoom.out}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="icon"
        aria-label="Show the whole map"
        title="Show the whole map  (0)"
        onClick={zoom.fit}
      >
        <Icon name="expand" />
      </button>
      <button type="button" className="icon" aria-label="Zoom in" title="Zoom in  (=)" onClick={zoom.in}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
