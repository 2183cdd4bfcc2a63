import { Link } from '@tanstack/react-router';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return (
    <main id="main" className="page">
      <div className="face">
        <h1>Nothing is at this address</h1>
        <Link to="/" className="btn">
          Go to the inbox
        </Link>
      </div>
    </main>
  );
}
