import { useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../../shared/icon.tsx';
import { useKeys } from '../../shared/use-keys.ts';

/** The files of a drop anywhere on the page, while mounted. Answers whether something hovers. */
function useDroppedFiles(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  useLayoutEffect(() => {
    const hover = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
    };
    document.addEventListener('dragover', hover);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', hover);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [onFiles]);
  return over;
}

/** The place to drop or choose reports. */
export function DropReports({ busy, onFiles }: { busy: boolean; onFiles: (files: File[]) => void }) {
  const over = useDroppedFiles(onFiles);
  const input = useRef<HTMLInputElement>(null);
  useKeys({ 'choose-files': () => input.current?.click() });
  return (
    <div className="drop" data-over={over}>
      <Icon name="upload" />
      <div>
        <b>Drop reports or inventory anywhere on this page</b>
        <p className="muted">
          JSON, SARIF, XML, CSV or an archive of them; each is recognised by what is in it
        </p>
      </div>
      <label className="btn main" aria-disabled={busy}>
        Choose files
        <input
          ref={input}
          type="file"
          multiple
          className="sr"
          disabled={busy}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            if (files.length > 0) onFiles(files);
          }}
        />
      </label>
    </div>
  );
}
