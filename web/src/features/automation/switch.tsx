/** On or off, by a click or the space bar. */
export function Switch({
  isOn,
  label,
  isDisabled,
  onSwitch,
}: {
  isOn: boolean;
  label: string;
  isDisabled: boolean;
  onSwitch: () => void;
}) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={isDisabled}
      onClick={onSwitch}
    />
  );
}
