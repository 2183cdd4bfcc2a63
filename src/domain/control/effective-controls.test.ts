import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likelihoodOf, severityOfLikelihood } from '../severity/likelihood-impact.ts';
import { CONTROLS } from './control-catalogue.ts';
import { type ControlEdit, type EffectiveControl, effectiveControls } from './effective-controls.ts';

const EDIT: ControlEdit = {
  vector: null,
  accessibility: null,
  impact: null,
  inbox: null,
  severity: null,
  reason: 'why',
  by: 'anna',
  at: 0,
};

const effective = (edit: Partial<ControlEdit>) =>
  effectiveControls(new Map([['net.sg.ssh', { ...EDIT, ...edit }]])).get('net.sg.ssh');

test('without edits each control counts as the catalogue has it, in its order', () => {
  expect([...effectiveControls(new Map()).values()]).toEqual(
    CONTROLS.map((control) => ({ ...control, edit: null })),
  );
});

test.each<[Partial<ControlEdit>, string, boolean]>([
  [{}, 'high', true],
  [{ vector: 'no_authorization', impact: 'high' }, 'critical', true],
  [{ accessibility: 'private' }, 'medium', true],
  [{ impact: 'low' }, 'medium', true],
  [{ inbox: false }, 'high', false],
  [{ severity: 'info' }, 'info', true],
  // A severity that is said outright counts, whatever likelihood and impact would give.
  [{ severity: 'low', vector: 'no_authorization', impact: 'critical' }, 'low', true],
])('an edit of %o: %s, in the inbox: %s', (edit, severity, inbox) => {
  expect(effective(edit)).toMatchObject({ severity, inbox, edit });
});

test('an edit touches its own control and nothing that makes the identity of a finding', () => {
  const words = {
    vector: fc.constantFrom(null, 'required_privileges', 'vulnerability', 'no_authorization'),
    accessibility: fc.constantFrom(null, 'private', 'public'),
    impact: fc.constantFrom(null, 'low', 'medium', 'high', 'critical'),
    inbox: fc.constantFrom(null, true, false),
    severity: fc.constantFrom(null, 'critical', 'info'),
  } as const;
  fc.assert(
    fc.property(fc.constantFrom(...CONTROLS), fc.record(words), (control, edit) => {
      const controls = effectiveControls(new Map([[control.id, { ...EDIT, ...edit }]]));
      const changed = controls.get(control.id) as EffectiveControl;
      const { likelihood, impact, severity, inbox } = changed;
      expect(changed).toEqual({
        ...control,
        likelihood,
        impact,
        severity,
        inbox,
        edit: { ...EDIT, ...edit },
      });
      expect(severity).toBe(
        edit.severity ??
          severityOfLikelihood(likelihoodOf(likelihood.vector, likelihood.accessibility), impact),
      );
      controls.forEach((each, id) => {
        if (id !== control.id) expect(each.edit).toBeNull();
      });
    }),
    { numRuns: 60 },
  );
});

test('an edit of a control that the catalogue does not have counts for nothing', () => {
  const controls = effectiveControls(new Map([['__proto__', { ...EDIT, severity: 'info' as const }]]));
  expect(controls.size).toBe(CONTROLS.length);
  expect([...controls.values()].every(({ edit }) => edit === null)).toBe(true);
});
