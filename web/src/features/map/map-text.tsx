import { Link } from '@tanstack/react-router';
import type { PathMap } from '../../../../src/contract/attack-path.ts';
import { columnName } from './column-name.ts';
import { columnsOf } from './map-layout.ts';
import { nodeWords } from './node-words.ts';

/** The map as an ordered list: everything that the picture shows, column by column, with where each thing leads. */
export function MapText({
  map,
  unreached,
  heading = columnName,
}: {
  map: PathMap;
  unreached: ReadonlySet<string>;
  /** What a column is called, from 0. */
  heading?: (index: number) => string;
}) {
  const names = new Map(map.nodes.map(({ id, name }) => [id, name]));
  return (
    <ol className="map-text" data-testid="map-text">
      {columnsOf(map.nodes).map(({ step, nodes }) => (
        <li key={nodes[0]?.id}>
          <h2>{step === null ? 'Network' : heading(step)}</h2>
          <ul>
            {nodes.map((node) => (
              <li key={node.id}>
                <p className="told">
                  <b>{node.name}</b>{' '}
                  <span className="muted">
                    {[...nodeWords(node), ...(unreached.has(node.id) ? ['not reached any more'] : [])].join(
                      ', ',
                    )}
                  </span>
                  {node.issues.map((issue, index) => (
                    <span key={issue}>
                      {' '}
                      <Link className="link" to="/issues/$id" params={{ id: issue }}>
                        issue {index + 1}
                      </Link>
                    </span>
                  ))}
                  {node.link !== null && (
                    <>
                      {' '}
                      <a className="link" href={node.link} rel="noreferrer noopener" target="_blank">
                        console
                      </a>
                    </>
                  )}
                </p>
                <ul>
                  {map.edges
                    .filter(({ from }) => from === node.id)
                    .map((edge) => (
                      <li key={`${edge.to} ${edge.rule}`} className="told">
                        to {names.get(edge.to) ?? edge.to}: {edge.sentence}.
                      </li>
                    ))}
                </ul>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
