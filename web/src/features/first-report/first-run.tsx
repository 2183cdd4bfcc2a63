import { CommandLine } from '../../shared/command-line.tsx';

/** What helps somebody without a report, below the place to drop one. */
export function OtherWays() {
  return (
    <ol className="ways">
      <li>
        <h2>No report at hand</h2>
        <div>
          <p>Make one in a minute, for any image that you can pull:</p>
          <CommandLine
            command={
              'trivy image --format json registry.example.com/checkout-api:3.2 \\\n  | security-inbox import - --env production --service checkout-api'
            }
          />
        </div>
      </li>
      <li>
        <h2>Reports of other tools</h2>
        <div>
          <p>What can be read, with the command that produces each report:</p>
          <CommandLine command="security-inbox formats" />
        </div>
      </li>
      <li>
        <h2>Only looking</h2>
        <div>
          <p>A demo estate with reports, inventory and signals. It lies beside your data, never in it.</p>
          <CommandLine command="npm start -- --demo" />
        </div>
      </li>
    </ol>
  );
}
