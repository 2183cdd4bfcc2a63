import type { AttackPath, Gate } from '../../../../src/contract/attack-path.ts';
import { GateSentence } from '../../shared/gate-sentence.tsx';
import { Icon } from '../../shared/icon.tsx';
import { counted } from '../../shared/number-text.ts';
import { isCut, lineKey, type Way } from './map-ways.ts';

/** The way that is drawn, one sentence a step, each with what closes it. */
export function MapStory({
  path,
  way,
  cut,
  hovered,
  onHover,
  onCut,
}: {
  path: AttackPath;
  way: Way;
  cut: ReadonlySet<string>;
  hovered: string | null;
  onHover: (line: string | null) => void;
  onCut: (gate: Gate) => void;
}) {
  const others = path.alternatives.length + path.more;
  return (
    <ol className="tale" aria-label={`Steps of the way, one of ${counted(others + 1, 'way')}`}>
      {way.steps.map((step, index) => {
        const line = lineKey(step);
        return (
          <li
            key={`${step.from} ${step.gains} ${step.to}`}
            className={[hovered === line && 'hover', isCut(step, cut) && 'closed'].filter(Boolean).join(' ')}
            onPointerEnter={() => onHover(line)}
            onPointerLeave={() => onHover(null)}
            onFocus={() => onHover(line)}
            onBlur={() => onHover(null)}
            data-testid="map-step"
          >
            <span className="no" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <p className="tx told">{step.sentence}.</p>
              <p className="why told">
                {[
                  ...new Set(
                    step.evidence
                      .map(({ sentence }) => sentence)
                      .filter((each) => each !== `${step.sentence}.`),
                  ),
                  ...(step.technique === null ? [] : [`${step.technique.id} ${step.technique.name}`]),
                ].join(' · ')}
              </p>
              {step.assumptions.map((assumption) => (
                <p className="why told" key={assumption}>
                  Assumed: {assumption}
                </p>
              ))}
              {step.gates.map((gate) => (
                <button
                  key={gate.id}
                  type="button"
                  className="cutline"
                  aria-pressed={cut.has(gate.id)}
                  onClick={() => onCut(gate)}
                >
                  <Icon name="scissors" />
                  <span className="told">
                    <GateSentence sentence={gate.sentence} />
                  </span>
                  <span className="ef">
                    {cut.has(gate.id)
                      ? 'cut'
                      : step.otherWays > 0
                        ? counted(step.otherWays, 'other way', 'other ways')
                        : ''}
                  </span>
                </button>
              ))}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
