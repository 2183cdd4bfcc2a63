/** How code asks for a member by its name: of a row of a table, of an element of XML, of an object of JSON. */
const ASKED = [
  /\b\w+\.text\(([^()]*)\)/g,
  /\b(?:childText|child|childrenNamed|attribute|at|text|number)\((?!head\.)([^()]*)\)/g,
  /\b[a-z]\w*\[('[^'\n]+')\]/g,
];
const LITERAL = /'([\w@$./-][\w@$. /()-]*)'/g;
const MEMBER = /\b(?:as(?:Text|Number|Object|Objects|Array|Texts|Boolean)|parseInstant)\(\w+\??\.(\w+)\)/g;
/** What our own readers of files hand over. */
const OWN = new Set(['json', 'value']);

/** The members that this code of a format asks for, as far as their names stand where they are asked for. */
export function membersAsked(code: string): ReadonlySet<string> {
  const literals = ASKED.flatMap((call) =>
    [...code.matchAll(call)].flatMap(([, asked = '']) => [...asked.matchAll(LITERAL)]),
  );
  const names = [...literals, ...code.matchAll(MEMBER)].map(([, name]) => name as string);
  return new Set(names.filter((name) => !OWN.has(name)));
}
