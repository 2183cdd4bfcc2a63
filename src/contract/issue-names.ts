import { z } from 'zod';

/** How long the name in `GET /api/v1/issue-names/:name` may be: keys hold names of repositories and hosts. */
export const ISSUE_NAME_MAX = 4_000;

/**
 * `GET /api/v1/issue-names/:name`: ids of the issues that a name can mean, the highest ranked first, at most 10. A
 * name is an id, at least four characters of the beginning of one, a key, or an advisory. Muted and resolved
 * issues are among them.
 */
export const issueNamesSchema = z.object({ ids: z.array(z.string()).max(10) });
