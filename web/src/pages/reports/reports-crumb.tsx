import { Link } from "@tanstack/react-router";

/** The way back to the list where the sections of the top bar do not show it. */
export const ReportsCrumb = () => (
  <Link to="/reports" className="shrink-0 rounded-sm hover:text-ink md:hidden">
    Reports
  </Link>
);
