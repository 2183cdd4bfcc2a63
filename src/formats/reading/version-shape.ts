/**
 * How package URLs call the packages that are versioned so: Alpine's end in `-r1`, those of Debian and Ubuntu in
 * `deb11u3` and `ubuntu2`, rpms in `.el8` and its like, Go's modules begin with a `v`. Undefined for any other.
 */
export function packageTypeOfVersion(version: string): string | undefined {
  const text = version.slice(0, 200);
  if (/-r\d{1,3}$/.test(text)) return 'apk';
  if (/(?:deb\d{1,2}u\d{1,3}|ubuntu[\d.]{1,12})$/.test(text)) return 'deb';
  if (/\.(?:el|amzn|fc|azl|cm)\d/.test(text)) return 'rpm';
  return /^v\d+\.\d+\.\d+/.test(text) ? 'golang' : undefined;
}
