/** What each screen says where nothing was read yet. */
export const EMPTY_SCREENS: readonly (readonly [address: string, says: string])[] = [
  ['/paths', 'No attack path is known'],
  ['/fix-first', 'Nothing to cut'],
  ['/findings', 'No finding is known'],
  ['/resources', 'No resource is known'],
  ['/signals', 'No signal is known'],
  ['/advisories', 'No advisory is known'],
  ['/overview', 'Nothing to count yet'],
  ['/automation?type=mute', 'No rule yet'],
  ['/automation?as=receivers', 'Nothing is delivered yet'],
  ['/sources', 'No report was read yet'],
];
