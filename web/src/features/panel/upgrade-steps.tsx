import type { PackageUpgrade } from '../../../../src/contract/issue-detail.ts';
import { CommandLine } from '../../shared/command-line.tsx';
import { counted, countText } from '../../shared/number-text.ts';
import { ScrollBox } from '../../shared/scroll-box.tsx';

/** Packages of an operating system come with an image or a machine, and not with the code in it. */
const OF_SYSTEMS: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);

/** One package: from which installed versions to which, where each was seen, and the lines that do it. */
export function UpgradeSteps({ upgrade }: { upgrade: PackageUpgrade }) {
  const { name, ecosystem, steps, to, commands } = upgrade;
  const isFixed = steps.some((step) => step.to !== null);
  const [command, why] = commands;
  const hasFiles = steps.some(({ files }) => files.length > 0);
  return (
    <section className="upgrade" aria-label={name} data-testid="upgrade">
      <p className="prose told">
        {isFixed ? 'Upgrade' : 'Replace or take out'} <b>{name}</b>
        {to === null ? '' : ` to ${to} or later`}
        {!isFixed && ': no fixed version is known'} <span className="muted">({ecosystem})</span>
      </p>
      <ScrollBox label={`Versions of ${name}`} className="table-scroll">
        <table className="steps">
          <thead>
            <tr>
              <th scope="col">Installed</th>
              <th scope="col">Fixed in</th>
              {hasFiles && <th scope="col">Seen in</th>}
              <th scope="col" className="num">
                Findings
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={`${step.from} ${step.to}`}>
                <td className="mono told">{step.from ?? <span className="faint">unknown</span>}</td>
                <td className="mono told">{step.to ?? <span className="faint">none known</span>}</td>
                {hasFiles && (
                  <td className="muted told" title={step.files.join('\n')}>
                    <span className="mono">{step.files[0]}</span>
                    {step.files.length > 1 && ` and ${counted(step.files.length - 1, 'other file')}`}
                  </td>
                )}
                <td className="num">{countText(step.findings)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {isFixed && command !== undefined && (
        <>
          <CommandLine command={command} />
          {OF_SYSTEMS.has(ecosystem) && (
            <p className="muted">
              In an image: the same behind <code>RUN</code>, or a newer base; then build and deploy it again.
            </p>
          )}
          {why !== undefined && (
            <>
              <p className="muted">Where another package brings it in, this tells which:</p>
              <CommandLine command={why} />
            </>
          )}
        </>
      )}
    </section>
  );
}
