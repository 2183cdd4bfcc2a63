import { type KeyboardEvent, useState } from 'react';
import type { AutomationRule } from '../../../../src/contract/automation-rule.ts';
import { Icon } from '../../shared/icon.tsx';
import { counted } from '../../shared/number-text.ts';
import { movedId } from './rule-draft.ts';
import { Switch } from './switch.tsx';

/** The rules of one type in the order in which they are asked; the handle moves one by pointer, or with ↑ and ↓. */
export function RuleList({
  rules,
  opened,
  canChange,
  onOpen,
  onOrder,
  onSwitch,
}: {
  rules: readonly AutomationRule[];
  opened: string | null;
  canChange: boolean;
  onOpen: (id: string) => void;
  onOrder: (ids: readonly string[]) => void;
  onSwitch: (rule: AutomationRule) => void;
}) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const ids = rules.map(({ id }) => id);
  const move = (from: number, to: number) => {
    const next = movedId(ids, from, to);
    if (next.join() !== ids.join()) onOrder(next);
  };
  const press = (event: KeyboardEvent, index: number) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    move(index, index + by);
  };
  return (
    <ol className="rules" aria-label="Rules in order">
      {rules.map((rule, index) => (
        <li
          key={rule.id}
          data-testid="rule"
          data-rule={rule.id}
          aria-current={rule.id === opened || undefined}
          className={over === index && dragged !== null ? 'over' : undefined}
          draggable={canChange}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            setDragged(index);
          }}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(index);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
          onDrop={(event) => {
            event.preventDefault();
            if (dragged !== null) move(dragged, index);
            setDragged(null);
            setOver(null);
          }}
        >
          {canChange && (
            <button
              type="button"
              className="handle"
              aria-label={`Move ${rule.name}, now ${index + 1} of ${rules.length}`}
              title="Drag, or ↑ and ↓"
              onKeyDown={(event) => press(event, index)}
            >
              <Icon name="drag" />
            </button>
          )}
          <span className="n">{rule.position}</span>
          <button type="button" className="open-rule" onClick={() => onOpen(rule.id)}>
            <span className="ttl told">{rule.name}</span>
            <small className="told mono">
              {rule.query === '' ? 'every finding of its types' : rule.query}
            </small>
            {rule.sentence !== null && <small className="told">{rule.sentence}</small>}
          </button>
          <span className="acts-on muted nowrap" title={counted(rule.findings, 'finding')}>
            {rule.state === 'acts' ? `acts on ${counted(rule.issues, 'issue')}` : stateWords[rule.state]}
          </span>
          <Switch
            isOn={rule.enabled}
            label={`Rule ${rule.name}`}
            isDisabled={!canChange}
            onSwitch={() => onSwitch(rule)}
          />
        </li>
      ))}
    </ol>
  );
}

const stateWords: Record<Exclude<AutomationRule['state'], 'acts'>, string> = {
  no_match: 'matches nothing',
  shadowed: 'shadowed',
  off: 'off',
  over: 'over',
  unreadable: 'cannot be read',
};
