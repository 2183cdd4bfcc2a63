import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';

/** What a reference is called: its host, and what tells two of one host apart. */
function referenceText(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');
}

/** What scanners say the flaw is, and where to read on. */
export function AboutBlock({ issue }: { issue: IssueDetail }) {
  const { description, references } = issue;
  if (description === null && references.length === 0) return null;
  return (
    <Fold name="about" title="What it is">
      {description !== null && (
        <p className="prose told lines" data-testid="description">
          {description}
        </p>
      )}
      {references.length > 0 && (
        <ul className="references">
          {references.map((address) => (
            <li key={address}>
              <a
                className="link told"
                href={address}
                rel="noreferrer noopener"
                target="_blank"
                title={address}
              >
                {referenceText(address)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Fold>
  );
}
