import { Link } from '@tanstack/react-router';
import type { NeighbourList } from '../../../../src/contract/explorer.ts';
import { Icon } from '../../shared/icon.tsx';
import { counted } from '../../shared/number-text.ts';

type Neighbour = NeighbourList['items'][number];

const words: Readonly<Record<Neighbour['relation'], Readonly<Record<Neighbour['direction'], string>>>> = {
  'runs-image': { to: 'runs', from: 'is run by' },
  'part-of': { to: 'is part of', from: 'has' },
  'runs-on': { to: 'runs on', from: 'carries' },
  'runs-as': { to: 'runs as', from: 'is the identity of' },
};

/** How many of one kind are drawn; the rest is a number. */
const SHOWN = 8;

/** What is one relation away: on the left what leads to the resource, on the right where it leads. */
export function NeighbourPicture({ name, items }: { name: string; items: readonly Neighbour[] }) {
  if (items.length === 0) return <p className="muted">Nothing is known beside it.</p>;
  const left = items.filter(({ direction }) => direction === 'from');
  const right = items.filter(({ direction }) => direction === 'to');
  return (
    <div className="beside" data-testid="neighbours">
      <Side items={left} />
      <p className="self told">{name}</p>
      <Side items={right} />
    </div>
  );
}

function Side({ items }: { items: readonly Neighbour[] }) {
  const groups = Map.groupBy(items, ({ relation, direction }) => words[relation][direction]);
  return (
    <div className="side">
      {[...groups].map(([word, each]) => (
        <div key={word} className="bunch">
          <h3>
            {word} <Icon name="arrow" />
          </h3>
          <ul>
            {each.slice(0, SHOWN).map(({ id, kind, name }) => (
              <li key={id}>
                <Link className="cut told" to="/resource" search={{ id }} title={id}>
                  {name}
                </Link>
                {kind !== null && <small>{kind}</small>}
              </li>
            ))}
            {each.length > SHOWN && <li className="muted">and {counted(each.length - SHOWN, 'other')}</li>}
          </ul>
        </div>
      ))}
    </div>
  );
}
