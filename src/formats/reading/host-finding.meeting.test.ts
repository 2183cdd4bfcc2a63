import { expect, test } from 'vitest';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { nessus } from '../nessus/nessus.ts';
import { nmap } from '../nmap/nmap.ts';
import { openvas } from '../openvas/openvas.ts';
import { qualys } from '../qualys/qualys.ts';

const CONTEXT = { root: null, account: null, region: null, cluster: null };

async function identity(format: ReportFormat, text: string): Promise<string> {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(text);
    },
  };
  const naming = { sourceId: format.id, cluster: null, repository: null, artifact: null };
  for await (const item of format.read(input, CONTEXT))
    for (const observation of item.kind === 'record' ? item.observations : [])
      if (observation.kind === 'finding') {
        const found = identifyFinding(observation, { naming, secretKey: new Uint8Array(32) });
        return `${found.issueId} ${found.fingerprint}`;
      }
  throw new Error(`${format.id} reads no finding`);
}

test('one CVE of one host is one finding, whatever scanner found it', async () => {
  const reports: readonly (readonly [ReportFormat, string])[] = [
    [
      nessus,
      '<NessusClientData_v2><Report><ReportHost name="10.0.0.5"><HostProperties><tag name="host-fqdn">web.shop.example</tag></HostProperties><ReportItem port="443" protocol="tcp" severity="3" pluginID="1" pluginName="x"><cve>CVE-2017-0143</cve></ReportItem></ReportHost></Report></NessusClientData_v2>',
    ],
    [nessus, 'Plugin ID,CVE,Risk,Host,Name,Synopsis\n1,CVE-2017-0143,High,web.shop.example,x,y\n'],
    [
      openvas,
      '<report format_id="x"><results><result><host>10.0.0.5<hostname>web.shop.example</hostname></host><nvt oid="1"><name>x</name><refs><ref type="cve" id="CVE-2017-0143"/></refs></nvt><threat>High</threat></result></results></report>',
    ],
    [
      qualys,
      'QID,Title,Severity,Asset IPV4,Asset Name,Status,CVE\n1,x,4,10.0.0.5,WEB.shop.example,ACTIVE,CVE-2017-0143\n',
    ],
    [
      nmap,
      '<nmaprun><host><address addr="10.0.0.5"/><hostnames><hostname name="web.shop.example"/></hostnames><ports><port protocol="tcp" portid="443"><state state="open"/><script id="vulners"><table><table><elem key="id">CVE-2017-0143</elem><elem key="type">cve</elem></table></table></script></port></ports></host></nmaprun>',
    ],
  ];
  const found = await Promise.all(reports.map(([format, text]) => identity(format, text)));
  expect(new Set(found).size).toBe(1);
});
