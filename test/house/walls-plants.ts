/** The libraries of the planted house, as they are installed beside it. */
export const LIBRARIES = [
  '@fastify/cookie',
  'ae-cvss-calculator',
  'commander',
  'fastify',
  'given-up',
  'ipaddr.js',
  'only-for-tests',
  'pg',
  'pg-copy-streams',
  'saxes',
  'undeclared',
  'zod',
] as const;

/** A small house in which every arrow is allowed: by file, its imports. No rule may say a word about it. */
export const CLEAN: Readonly<Record<string, readonly string[]>> = {
  'src/base/compare.ts': ["import { createHash } from 'node:crypto';"],
  'src/graph/reach.ts': ["import type { Order } from '#base/compare.ts';"],
  'src/domain/finding/finding.ts': ["import { reach } from '#graph/reach.ts';"],
  'src/domain/severity/cvss-vector.ts': ["import { it } from 'ae-cvss-calculator';"],
  'src/domain/severity/adjust.ts': [
    "import { score } from './cvss-vector.ts';",
    "import type { Finding } from '../finding/finding.ts';",
  ],
  'src/formats/reading/xml.ts': ["import { Readable } from 'node:stream';", "import { it } from 'saxes';"],
  'src/formats/trivy/trivy.ts': [
    "import { finding } from '#domain/finding/finding.ts';",
    "import { xml } from '../reading/xml.ts';",
  ],
  'src/formats/grype/grype.ts': [],
  'src/formats/formats.ts': [
    "import { grype } from './grype/grype.ts';",
    "import { trivy } from './trivy/trivy.ts';",
  ],
  'src/formats/formats.test.ts': [
    "import { it } from 'only-for-tests';",
    "import { readFileSync } from 'node:fs';",
    "import { FORMATS } from './formats.ts';",
  ],
  'src/feeds/kev/kev.ts': ["import { finding } from '#domain/finding/finding.ts';"],
  'src/feeds/epss/epss.ts': [],
  'src/store/pool.ts': ["import { it } from 'pg';", "import { readFileSync } from 'node:fs';"],
  'src/store/pool.test-suite.ts': ["import { it } from 'only-for-tests';"],
  'src/store/pool.test.ts': ["import { poolSuite } from './pool.test-suite.ts';"],
  'src/contract/issue.ts': [
    "import { it } from 'zod';",
    "import type { Finding } from '#domain/finding/finding.ts';",
  ],
  'src/app/list-inbox.ts': ["import { finding } from '#domain/finding/finding.ts';"],
  'src/http/server.ts': [
    "import { it } from 'fastify';",
    "import { createServer } from 'node:http';",
    "import { listInbox } from '#app/list-inbox.ts';",
    "import { issue } from '#contract/issue.ts';",
    "import type { Finding } from '#domain/finding/finding.ts';",
  ],
  'src/cli/program.ts': ["import { it } from 'commander';"],
  'src/mcp/tools.ts': ["export type Finding = import('#domain/finding/finding.ts').Finding;"],
  'src/jobs/worker.ts': ["import { listInbox } from '#app/list-inbox.ts';"],
  'src/config.ts': ["import { it } from 'zod';"],
  'src/main.ts': [
    "import { FORMATS } from '#formats/formats.ts';",
    "import { server } from '#http/server.ts';",
    "import { config } from './config.ts';",
    "import { openInstallation } from './installation/installation.ts';",
  ],
  'src/installation/installation.ts': [
    "import { pool } from '#store/pool.ts';",
    "import type { Config } from '#config';",
  ],
  'src/formats/trivy/samples/one.json': [],
  'test/support/house.ts': ["import { main } from '../../src/main.ts';"],
  'web/src/ui/row.tsx': ["import type { Issue } from '../../../src/contract/issue.ts';"],
  'web/src/ui/row.test.ts': ["import { it } from 'only-for-tests';", "import { Row } from './row.tsx';"],
  // The other halves of the circles: a circle is told once, at its first file.
  'src/domain/circle/there-value.ts': ["import './here-value.ts';"],
  'src/domain/circle/there-type-only.ts': ["import type { It } from './here-type-only.ts';"],
  'src/domain/circle/there-import-type.ts': ["export type It = import('./here-import-type.ts').It;"],
  'src/domain/circle/there-picture.tsx': ["import type { It } from './here-picture.tsx';"],
  'src/domain/circle/there-long.ts': ["import type { It } from '../round/over-long.ts';"],
  'src/domain/round/over-long.ts': ["export * from '../circle/here-long.ts';"],
};

/** Forbidden imports: by rule, the files that break it, one import each. */
export const PLANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'base-knows-nobody': {
    'src/base/value.ts': "import { reach } from '#graph/reach.ts';",
  },
  'graph-knows-only-base': {
    'src/graph/value.ts': "import { finding } from '#domain/finding/finding.ts';",
    'src/graph/type-only.ts': "import type { pool } from '#store/pool.ts';",
  },
  // Every way to write an import, planted once: a rule that misses one of them holds nothing.
  'domain-knows-only-graph-and-base': {
    'src/domain/value.ts': "import { pool } from '../store/pool.ts';",
    'src/domain/alias.ts': "import { pool } from '#store/pool.ts';",
    'src/domain/type-only.ts': "import type { pool } from '#store/pool.ts';",
    'src/domain/inline-type.ts': "import { type pool } from '#store/pool.ts';",
    'src/domain/import-type.ts': "export type Pool = import('#store/pool.ts').pool;",
    'src/domain/typeof-import.ts': "export type Pool = typeof import('../store/pool.ts');",
    'src/domain/dynamic.ts': "await import('#store/pool.ts');",
    'src/domain/re-export.ts': "export { pool } from '#store/pool.ts';",
    'src/domain/re-export-type.ts': "export type { pool } from '#store/pool.ts';",
    'src/domain/side-effect.ts': "import '#store/pool.ts';",
    'src/domain/picture.tsx': "import { pool } from '#store/pool.ts';",
    'src/domain/picture-type.tsx': "import type { pool } from '#store/pool.ts';",
  },
  'formats-know-only-domain-and-base': {
    'src/formats/trivy/feed.ts': "import { kev } from '#feeds/kev/kev.ts';",
  },
  'feeds-know-only-domain-and-base': {
    'src/feeds/kev/store.ts': "import type { pool } from '#store/pool.ts';",
  },
  'store-knows-only-domain-and-base': {
    'src/store/wire.ts': "import type { Issue } from '#contract/issue.ts';",
  },
  'contract-knows-only-domain-and-base': {
    'src/contract/verb.ts': "import { listInbox } from '#app/list-inbox.ts';",
  },
  'app-knows-only-domain-and-base': {
    'src/app/read.ts': "import { FORMATS } from '#formats/formats.ts';",
    'src/app/wire.ts': "import type { Issue } from '#contract/issue.ts';",
  },
  'doors-know-only-app-contract-domain-and-base': {
    'src/http/query.ts': "import { pool } from '#store/pool.ts';",
    'src/cli/serve.ts': "import { server } from '#http/server.ts';",
    'src/jobs/update.ts': "import { kev } from '#feeds/kev/kev.ts';",
    'src/mcp/tool.ts': "import { program } from '../cli/program.ts';",
  },
  'doors-take-only-types-from-domain': {
    'src/http/decide.ts': "import { finding } from '#domain/finding/finding.ts';",
  },
  'nobody-imports-main': {
    'src/cli/start.ts': "import { main } from '../main.ts';",
    'src/http/open.ts': "import { openInstallation } from '#installation/installation.ts';",
  },
  'only-main-imports-config': {
    'src/store/settings.ts': "import { config } from '../config.ts';",
  },
  'web-knows-only-contract': {
    'web/src/pages/rank.tsx': "import { finding } from '../../../src/domain/finding/finding.ts';",
    'web/src/pages/rank-type.tsx': "import type { Finding } from '../../../src/domain/finding/finding.ts';",
  },
  'one-format-never-imports-another': {
    'src/formats/grype/shared.ts': "import { trivy } from '../trivy/trivy.ts';",
    'src/formats/reading/guess.ts': "import type { grype } from '../grype/grype.ts';",
  },
  'one-feed-never-imports-another': {
    'src/feeds/epss/shared.ts': "import { kev } from '../kev/kev.ts';",
  },
  'no-circle': {
    'src/domain/circle/here-value.ts': "import './there-value.ts';",
    'src/domain/circle/here-type-only.ts': "import type { It } from './there-type-only.ts';",
    'src/domain/circle/here-import-type.ts': "export type It = import('./there-import-type.ts').It;",
    'src/domain/circle/here-long.ts': "import { it } from './there-long.ts';",
    'src/domain/circle/here-picture.tsx': "import type { It } from './there-picture.tsx';",
  },
  'base-uses-of-node-only-crypto': {
    'src/base/file.ts': "import { readFileSync } from 'node:fs';",
  },
  'graph-domain-and-contract-are-free-of-node': {
    'src/graph/worker.ts': "import { Worker } from 'node:worker_threads';",
    'src/domain/hash.ts': "import { createHash } from 'node:crypto';",
    'src/domain/bare.ts': "import { createHash } from 'crypto';",
    'src/contract/bytes.ts': "import type { Buffer } from 'node:buffer';",
  },
  'formats-feeds-and-verbs-touch-no-world': {
    'src/formats/trivy/open.ts': "import { open } from 'node:fs/promises';",
    'src/formats/reading/open-other.ts': "import { open } from 'node:fs/promises';",
    'src/feeds/kev/fetch.ts': "import { request } from 'node:https';",
    'src/app/spawn.ts': "import { spawn } from 'node:child_process';",
    'src/app/prefix-only.ts': "import { DatabaseSync } from 'node:sqlite';",
  },
  'web-is-free-of-node': {
    'web/src/pages/path.tsx': "import { join } from 'node:path';",
  },
  'base-and-graph-use-no-library': {
    'src/graph/library.ts': "import { it } from 'zod';",
  },
  'domain-uses-no-library': {
    'src/domain/library.ts': "import type { it } from 'zod';",
  },
  'cvss-library-in-one-file': {
    'src/domain/severity/score.ts': "import { it } from 'ae-cvss-calculator';",
  },
  'xml-library-in-reading': {
    'src/formats/trivy/xml.ts': "import { it } from 'saxes';",
  },
  'database-driver-in-store': {
    'src/jobs/queue.ts': "import type { it } from 'pg';",
    'src/app/copy.ts': "import { it } from 'pg-copy-streams';",
  },
  'web-server-in-http': {
    'src/app/reply.ts': "import type { it } from 'fastify';",
    'src/cli/cookie.ts': "import { it } from '@fastify/cookie';",
  },
  'command-line-library-in-cli': {
    'src/jobs/flags.ts': "import { it } from 'commander';",
  },
  'aliases-between-folders': {
    'src/domain/climb.ts': "import { hash } from '../base/compare.ts';",
    'src/domain/climb-type.ts': "import type { Order } from '../base/compare.ts';",
  },
  'relative-inside-a-folder': {
    'src/domain/severity/detour.ts': "import { finding } from '#domain/finding/finding.ts';",
  },
  'product-imports-no-test': {
    'src/store/suite.ts': "import { poolSuite } from './pool.test-suite.ts';",
    'src/store/house.ts': "import { house } from '../../test/support/house.ts';",
    'src/formats/trivy/example.ts': "import one from './samples/one.json' with { type: 'json' };",
  },
  'nobody-imports-a-test': {
    'src/formats/trivy/borrow.ts': "import { all } from '../formats.test.ts';",
  },
  resolvable: {
    'src/domain/nowhere.ts': "import { it } from './not-there.ts';",
    'src/domain/nowhere-alias.ts': "import type { it } from '#domain/not-there.ts';",
  },
  'declared-packages': {
    'src/http/accident.ts': "import { it } from 'undeclared';",
  },
  'no-development-package-in-the-product': {
    'src/http/check.ts': "import { it } from 'only-for-tests';",
  },
  'no-deprecated-package': {
    'src/http/old.ts': "import { it } from 'given-up';",
  },
};
