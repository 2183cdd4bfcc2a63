import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { Icon } from '../../shared/icon.tsx';
import { useKeys } from '../../shared/use-keys.ts';

/** Browsers give the clipboard to pages over https and of this machine only. */
const CAN_COPY = typeof navigator !== 'undefined' && 'clipboard' in navigator;

/** Ways from an issue to elsewhere: a link to share, the page of it, its map, the console of its cloud. */
export function IssueLinks({
  id,
  issue,
  isPage,
}: {
  id: string;
  issue: IssueDetail | null;
  isPage: boolean;
}) {
  const navigate = useNavigate();
  const [copied, setCopied] = useState<string | null>(null);
  const lead = issue?.why.lead?.resource.id;
  const inConsole =
    issue?.resources.find((each) => each.id === lead)?.console ??
    issue?.resources.find((each) => each.console !== null)?.console ??
    null;
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}/issues/${id}`);
    setCopied(id);
  };
  useKeys({
    ...(CAN_COPY && { 'copy-link': copy }),
    ...(!isPage && { page: () => navigate({ to: '/issues/$id', params: { id } }) }),
    ...(issue !== null &&
      issue.attackPaths > 0 &&
      issue.type !== 'attack_path' && {
        'what-if': () => navigate({ to: '/fix-first', search: { cut: id } }),
      }),
    ...(issue !== null && { map: () => navigate({ to: '/issues/$id/map', params: { id } }) }),
    ...(inConsole !== null && { console: () => window.open(inConsole, '_blank', 'noopener,noreferrer') }),
  });
  const isCopied = copied === id;
  return (
    <>
      <span className="sr" role="status">
        {isCopied && 'The link is copied'}
      </span>
      {CAN_COPY && (
        <button
          type="button"
          className="icon"
          aria-label={isCopied ? 'The link is copied' : 'Copy a link'}
          title="Copy a link  (Shift R)"
          onClick={copy}
        >
          <Icon name={isCopied ? 'check' : 'link'} />
        </button>
      )}
      {inConsole !== null && (
        <a
          className="icon"
          href={inConsole}
          rel="noreferrer noopener"
          target="_blank"
          aria-label="Open in the console of its cloud"
          title="Open in the console of its cloud  (o)"
        >
          <Icon name="out" />
        </a>
      )}
      {!isPage && (
        <Link
          className="icon"
          to="/issues/$id"
          params={{ id }}
          aria-label="Open as a page"
          title="Open as a page  (p)"
        >
          <Icon name="expand" />
        </Link>
      )}
    </>
  );
}
