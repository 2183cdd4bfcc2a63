import type { RatingProvider } from './choose-base-vector.ts';

/** How people write those who rate advisories, where it is not as their own word is. */
const NAMES: ReadonlyMap<RatingProvider, string> = new Map([
  ['nvd', 'NVD'],
  ['cna', 'CNA'],
  ['ghsa', 'GHSA'],
  ['distribution:alma', 'AlmaLinux'],
  ['distribution:alpine', 'Alpine'],
  ['distribution:amazon', 'Amazon Linux'],
  ['distribution:arch-linux', 'Arch Linux'],
  ['distribution:azurelinux', 'Azure Linux'],
  ['distribution:centos', 'CentOS'],
  ['distribution:chainguard', 'Chainguard'],
  ['distribution:debian', 'Debian'],
  ['distribution:echo', 'Echo'],
  ['distribution:fedora', 'Fedora'],
  ['distribution:minimos', 'MinimOS'],
  ['distribution:openeuler', 'openEuler'],
  ['distribution:oracle', 'Oracle Linux'],
  ['distribution:photon', 'Photon OS'],
  ['distribution:redhat', 'Red Hat'],
  ['distribution:rocky', 'Rocky Linux'],
  ['distribution:suse', 'SUSE'],
  ['distribution:ubuntu', 'Ubuntu'],
  ['distribution:wolfi', 'Wolfi'],
  ['scanner:checkov', 'Checkov'],
  ['scanner:dependency-track', 'Dependency-Track'],
  ['scanner:grype', 'Grype'],
  ['scanner:openvas', 'OpenVAS'],
  ['scanner:osv', 'OSV'],
  ['scanner:osv-scanner', 'OSV-Scanner'],
  ['scanner:snyk', 'Snyk'],
  ['scanner:trivy', 'Trivy'],
  // What the report itself says names nobody.
  ['scanner:reported', 'the report'],
]);

/** Who rates, as people write it: `NVD`, `Red Hat`; a tool that is not known here by its own word. */
export function providerWords(provider: RatingProvider): string {
  return NAMES.get(provider) ?? provider.replace(/^(?:scanner|distribution):/, '');
}
