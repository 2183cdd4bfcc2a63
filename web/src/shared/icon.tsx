export type IconName =
  | 'inbox'
  | 'sources'
  | 'help'
  | 'theme'
  | 'down'
  | 'right'
  | 'up'
  | 'close'
  | 'check'
  | 'copy'
  | 'search'
  | 'filter'
  | 'side'
  | 'arrow'
  | 'undo'
  | 'upload'
  | 'download'
  | 'warn'
  | 'link'
  | 'role'
  | 'paths'
  | 'choke'
  | 'findings'
  | 'resources'
  | 'signals'
  | 'automation'
  | 'overview'
  | 'more'
  | 'left'
  | 'minus'
  | 'plus'
  | 'out'
  | 'expand'
  | 'scissors'
  | 'drag'
  | 'density'
  | 'clock'
  | 'chat'
  | 'net'
  | 'balancer'
  | 'service'
  | 'data'
  | 'bucket'
  | 'office';

/** One icon; the text beside it or the label of its button says what it means. */
export function Icon({ name, className = 'i' }: { name: IconName; className?: string }) {
  return (
    <svg className={className} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
