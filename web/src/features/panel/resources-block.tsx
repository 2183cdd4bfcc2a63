import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ImpactedResource } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';
import { Icon } from '../../shared/icon.tsx';
import { counted } from '../../shared/number-text.ts';
import { statusWords } from '../../shared/words.ts';

/** Resources shown before a person asks for the rest. */
const FIRST = 10;

/** What the issue touches, with environment and services; unknown is written out. */
export function ResourcesBlock({
  resources,
  mapOf,
}: {
  resources: readonly ImpactedResource[];
  /** The issue whose surroundings can be drawn; null: they are drawn elsewhere. */
  mapOf: string | null;
}) {
  const [whole, setWhole] = useState(false);
  return (
    <Fold name="resources" title="Impacted" aside={counted(resources.length, 'resource')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Environment</th>
            <th scope="col">Services</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {(whole ? resources : resources.slice(0, FIRST)).map((resource) => (
            <tr key={resource.id}>
              <td className="two told" title={resource.id}>
                <Link className="link-plain" to="/resource" search={{ id: resource.id }}>
                  {resource.name}
                </Link>
                <small>
                  {resource.kind}
                  {resource.console !== null && (
                    <>
                      {' · '}
                      <a className="link" href={resource.console} rel="noreferrer noopener" target="_blank">
                        console
                      </a>
                    </>
                  )}
                </small>
              </td>
              <td className="told">{resource.environment ?? <span className="faint">unknown</span>}</td>
              <td className="told">
                {resource.services.length === 0 ? (
                  <span className="faint">none known</span>
                ) : (
                  resource.services.join(', ')
                )}
              </td>
              <td className="two nowrap">
                {resource.status === 'muted' ? 'Muted' : statusWords[resource.status]}
                {resource.findings > 1 && <small>{counted(resource.findings, 'finding')}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {mapOf !== null && (
        <p className="more">
          <Link className="btn" to="/issues/$id/map" params={{ id: mapOf }}>
            <Icon name="paths" /> Map of its surroundings <kbd>m</kbd>
          </Link>
        </p>
      )}
      {!whole && resources.length > FIRST && (
        <button type="button" className="btn more" onClick={() => setWhole(true)}>
          Show all {counted(resources.length, 'resource')}
        </button>
      )}
    </Fold>
  );
}
