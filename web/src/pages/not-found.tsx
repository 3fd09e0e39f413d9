import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/ui/state-views";

export const NotFoundPage = () => (
  <EmptyState title="There is no page at this address" className="py-32">
    <p>The link may be incomplete.</p>
    <Link to="/" className="mt-4 inline-block font-medium text-accent">
      All experiments
    </Link>
  </EmptyState>
);
