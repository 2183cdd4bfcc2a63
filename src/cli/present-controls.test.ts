import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { SAMPLE_CONTROL } from './present-controls.test-sample.ts';
import { presentControl, presentControls } from './present-controls.ts';

const PLAIN = paintFor({ isColourWanted: false });

test('one control is told whole, with what was changed, and no escape sequence passes', () => {
  expect(presentControl(SAMPLE_CONTROL, PLAIN).join('\n')).toBe(`low  SSH open to the internet
net.sg.ssh, misconfiguration, aws: security group; catalogue 2026.11.2
Scanners find it[31m within minutes.

likelihood   probable (vulnerability, public)
impact       medium
severity     low, as the organisation says
frameworks   CIS AWS 3.0.0 5.2, 5.3; SOC 2 CC6.6
fix          Close the port.
inbox        no (the catalogue: open service)
checks       checkov:CKV_AWS_24, trivy:AWS-0107
edited       inbox no, severity low
             by anna on 2026-10-01: a lab`);
});

test('a list is a table whose titles are cut to the terminal; without controls it says why', () => {
  expect(presentControls([SAMPLE_CONTROL, { ...SAMPLE_CONTROL, edit: null }], PLAIN, 74)).toEqual([
    '   ID          SEVERITY  LIKELIHOOD  IMPACT  INBOX  TITLE',
    '*  net.sg.ssh  low       probable    medium  no     SSH open to the inter…',
    '   net.sg.ssh  low       probable    medium  no     SSH open to the inter…',
  ]);
  expect(presentControls([], PLAIN, null)).toEqual([
    'No control was edited; each counts as the catalogue has it.',
  ]);
});
