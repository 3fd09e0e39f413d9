import { Link } from "@tanstack/react-router";

/** A report below the list of reports, which is named only where the sections of the top bar do not show it. */
export const ReportCrumb = ({ title }: { title: string }) => (
  <>
    <span className="flex shrink-0 gap-2 md:hidden">
      <Link to="/reports" className="rounded-sm hover:text-ink">
        Reports
      </Link>
      <span aria-hidden="true" className="text-line-strong">
        /
      </span>
    </span>
    <span aria-current="page" className="truncate font-medium text-ink">
      {title}
    </span>
  </>
);
