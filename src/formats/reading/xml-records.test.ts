import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attribute, child, childrenNamed, childText } from './xml-element.ts';
import { sliceXml, type XmlEvent, type XmlSliceOptions } from './xml-records.ts';

async function slice(
  text: string | Buffer,
  options: XmlSliceOptions,
  chunkSize = 1 << 20,
): Promise<XmlEvent[]> {
  const bytes = Buffer.from(text as string);
  const chunks = async function* () {
    for (let i = 0; i < bytes.length; i += chunkSize) yield bytes.subarray(i, i + chunkSize);
  };
  const events: XmlEvent[] = [];
  for await (const event of sliceXml(chunks(), options)) events.push(event);
  return events;
}

const REPORT = `<?xml version="1.0"?>
<!DOCTYPE report SYSTEM "report.dtd">
<r:report xmlns:r="urn:r" r:version="2">
  <info><time>now</time></info>
  <host name="a"><noise><deep/></noise>
    <item id="1"><title> T &amp; &#233; </title><body><![CDATA[<b>]]> x</body></item>
    <item id="2"/>
    <os>linux</os>
  </host>
  <host name="b"/>
  <after/>
</r:report>`;

test('records come with the children of their parents read so far; parents close with all of them', async () => {
  for (const chunkSize of [1, 3, 1000]) {
    const events = await slice(
      REPORT,
      { records: ['report/host/item'], skip: ['report/host/noise'] },
      chunkSize,
    );
    expect(events.map((event) => [event.kind, event.path])).toEqual([
      ['element', '/report/host[1]/item[1]'],
      ['element', '/report/host[1]/item[2]'],
      ['close', '/report/host[1]'],
      ['close', '/report/host[2]'],
      ['close', '/report'],
    ]);
    const [first, second, hostA, , root] = events;
    if (
      first?.kind !== 'element' ||
      second?.kind !== 'element' ||
      hostA?.kind !== 'close' ||
      root?.kind !== 'close'
    )
      throw new Error('other events');
    expect([
      childText(first.value, 'title'),
      childText(first.value, 'body'),
      attribute(first.value, 'id'),
    ]).toEqual(['T & é', '<b> x', '1']);
    expect(second.value).toEqual({
      name: 'item',
      namespace: '',
      attributes: { id: '2' },
      children: [],
      text: '',
    });
    expect(first.parents.map((each) => [each.name, each.namespace, attribute(each, 'name')])).toEqual([
      ['report', 'urn:r', undefined],
      ['host', '', 'a'],
    ]);
    expect(childText(child(first.parents[0], 'info'), 'time')).toBe('now');
    expect(hostA.value.children.map((each) => each.name)).toEqual(['os']);
    expect(childrenNamed(root.value, 'host')).toEqual([]);
    expect(root.value.children.map((each) => each.name)).toEqual(['info', 'after']);
    expect(attribute(root.value, 'r:version')).toBe('2');
  }
});

test('a star stands for any name, and several paths are told apart', async () => {
  const events = await slice('<a><b><c/></b><d><c/></d><e/></a>', { records: ['a/*/c', 'a/e'] });
  expect(
    events.map((event) => [event.kind, event.path, event.kind === 'element' ? event.pattern : null]),
  ).toEqual([
    ['element', '/a/b[1]/c[1]', 0],
    ['close', '/a/b[1]', null],
    ['element', '/a/d[1]/c[1]', 0],
    ['close', '/a/d[1]', null],
    ['element', '/a/e[1]', 1],
    ['close', '/a', null],
  ]);
});

test('a document type that declares elements and no entity is passed over', async () => {
  const declared = '<!DOCTYPE a [<!ELEMENT a (b*)>\n<!ATTLIST a v CDATA "1">]><a><b>100 %</b></a>';
  const [event] = await slice(declared, { records: ['a/b'] }, 5);
  expect(event?.kind === 'element' && event.value.text).toBe('100 %');
});

test('names that reach a prototype are plain attributes', async () => {
  const [event] = await slice('<a><b __proto__="x" constructor="y"/></a>', { records: ['a/b'] });
  expect(event?.kind === 'element' && Object.entries(event.value.attributes)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('an encoding that the declaration names is decoded', async () => {
  const text = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a><b>\u00e9</b></a>', 'latin1');
  const [event] = await slice(text, { records: ['a/b'] });
  expect(event?.kind === 'element' && event.value.text).toBe('é');
});

const laughs = `<!DOCTYPE x [<!ENTITY l0 "ha">${Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')}]>`;

test.each([
  ['billion laughs', `<?xml version="1.0"?>${laughs}<x>&l12;</x>`, 'report_broken', /DOCTYPE/],
  [
    'quadratic blowup',
    `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(30_000)}">]><x>${'&a;'.repeat(3_000)}</x>`,
    'report_broken',
    /DOCTYPE/,
  ],
  [
    'external entity',
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>',
    'report_broken',
    /DOCTYPE/,
  ],
  [
    'external subset',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x>&f;</x>',
    'report_broken',
    /undefined entity/,
  ],
  ['parameter entity', '<!DOCTYPE x [<!ELEMENT x (y)> %more;]><x>1</x>', 'report_broken', /DOCTYPE/],
  ['deep nesting', '<a>'.repeat(50_000), 'report_too_deep', /128 levels/],
  ['cut off', '<a><b>1</b><b>', 'report_broken', /line 1, column \d+: unclosed tag/],
  ['wrong close', '<a>\n<b></c></a>', 'report_broken', /line 2/],
  ['endless prolog', `<!--${'x'.repeat(2_000_000)}`, 'report_broken', /first megabyte/],
  ['nothing', '', 'report_empty', /no XML element/],
])('refused: %s', async (_name, text, code, message) => {
  await expect(slice(text, { records: ['a/b'] }, 100_000)).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test('what came before the break was delivered', async () => {
  const seen: string[] = [];
  const read = async () => {
    const chunks = async function* () {
      yield Buffer.from('<a><b>1</b>');
      yield Buffer.from('<b>2</b><b x=1>3</b>');
    };
    for await (const event of sliceXml(chunks(), { records: ['a/b'] })) seen.push(event.path);
  };
  await expect(read()).rejects.toThrow(/line 1/);
  expect(seen).toEqual(['/a/b[1]', '/a/b[2]']);
});

test('a record of 500,000 elements is read, one of more is dropped, and the next one is read', async () => {
  const text = `<a><b>${'<c/>'.repeat(499_999)}</b><b>${'<c/>'.repeat(500_000)}</b><b>2</b></a>`;
  const events = await slice(text, { records: ['a/b'] });
  expect(events.map((event) => [event.kind, event.path])).toEqual([
    ['element', '/a/b[1]'],
    ['bad', '/a/b[2]'],
    ['element', '/a/b[3]'],
    ['close', '/a'],
  ]);
});

test('a record of more than 64 MB of text is dropped, and the next one is read', async () => {
  const text = 'x'.repeat(1024 ** 2);
  const chunks = function* () {
    yield '<a><b>';
    for (let megabytes = 0; megabytes < 65; megabytes += 1) yield `${text}<c/>`;
    yield '</b><b>2</b></a>';
  };
  const found: string[] = [];
  for await (const event of sliceXml(bytesOf(chunks()), { records: ['a/b'] }))
    found.push(`${event.kind} ${event.path}`);
  expect(found).toEqual(['bad /a/b[1]', 'element /a/b[2]', 'close /a']);
});

async function* bytesOf(texts: Iterable<string>) {
  for (const text of texts) yield Buffer.from(text);
}

test('what stands beside records counts only while its parent is open', async () => {
  const many = '<b><os/><c/></b>'.repeat(600_000);
  let records = 0;
  for await (const event of sliceXml(inChunks(`<a>${many}</a>`), { records: ['a/b/c'] }))
    if (event.kind === 'element') records++;
  expect(records).toBe(600_000);
  await expect(slice(`<a>${'<os/>'.repeat(600_000)}<b/></a>`, { records: ['a/b'] })).rejects.toThrow(
    expect.objectContaining({ code: 'too_large' }),
  );
});

async function* inChunks(text: string) {
  for (let i = 0; i < text.length; i += 65_536) yield Buffer.from(text.slice(i, i + 65_536));
}

test('any bytes give events or a refusal of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom(
          '<a>',
          '</a>',
          '<b x="1">',
          '</b>',
          't',
          '&amp;',
          '&x;',
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '<',
          '\0',
          '<?x?>',
        ),
      ),
      async (parts) => {
        await slice(parts.join(''), { records: ['a/b'] }).catch((error) =>
          expect(error.code).toMatch(/^report_/),
        );
      },
    ),
  );
});

const attributes = (count: number) => Array.from({ length: count }, (_, index) => `a${index}="1"`).join(' ');
const levels = (depth: number) => `<a>${'<b>'.repeat(depth - 1)}${'</b>'.repeat(depth - 1)}</a>`;

test.each([
  ['128 levels', levels(128), null],
  ['129 levels', levels(129), 'report_too_deep'],
  ['256 attributes', `<a><b ${attributes(256)}/></a>`, null],
  ['257 attributes', `<a><b ${attributes(257)}/></a>`, 'too_large'],
  ['256 attributes again and again', `<a>${`<b ${attributes(256)}/>`.repeat(3)}</a>`, null],
])('a limit: %s', async (_name, text, code) => {
  for (const chunkSize of [10, 1_000_000]) {
    const reading = slice(text, { records: ['a/b'] }, chunkSize);
    if (code === null) expect((await reading).some((event) => event.kind === 'element')).toBe(true);
    else await expect(reading).rejects.toMatchObject({ code });
  }
});
