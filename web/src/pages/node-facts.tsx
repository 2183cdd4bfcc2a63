import { Link } from '@tanstack/react-router';
import type { PathMap } from '../../../src/contract/attack-path.ts';
import { nodeWords } from '../features/map/node-words.ts';
import { Icon } from '../shared/icon.tsx';

/** What is known of one thing on the map, and where to read on about it. */
export function NodeFacts({ node, onClose }: { node: PathMap['nodes'][number]; onClose: () => void }) {
  return (
    <div data-testid="node-facts">
      <h2 className="told">{node.name}</h2>
      <p className="muted told">{nodeWords(node).join(', ')}</p>
      <p className="mono told facts">{node.id}</p>
      {node.issues.length > 0 && (
        <p className="facts">
          {node.issues.map((issue, index) => (
            <span key={issue}>
              {index > 0 && ', '}
              <Link className="link" to="/issues/$id" params={{ id: issue }}>
                issue {issue.slice(0, 6)}
              </Link>
            </span>
          ))}{' '}
          {node.issues.length === 1 ? 'is' : 'are'} on it
        </p>
      )}
      <p className="more acts-line">
        {node.kind !== 'origin' && (
          <Link className="btn" to="/resource" search={{ id: node.id }}>
            <Icon name="resources" /> Resource
          </Link>
        )}
        {node.link !== null && (
          <a className="btn" href={node.link} rel="noreferrer noopener" target="_blank">
            <Icon name="out" /> Console
          </a>
        )}
        <button type="button" className="btn" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </p>
    </div>
  );
}
