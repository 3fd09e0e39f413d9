import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { HomePage } from "./pages/home/home-page";
import { NotFoundPage } from "./pages/not-found";
import { Shell } from "./pages/shell";
import { parseSearch, type Search, stringifySearch } from "./state/url";

const validateSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => typeof value === "string")) as Search;

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, validateSearch });
const home = createRoute({ getParentRoute: () => root, path: "/", component: HomePage });
const experiment = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId",
  component: lazyRouteComponent(() => import("./pages/experiment/experiment-page"), "ExperimentPage"),
});
const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  component: lazyRouteComponent(() => import("./pages/run/run-page"), "RunPage"),
});
const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  component: lazyRouteComponent(() => import("./pages/compare/compare-page"), "ComparePage"),
});
const reports = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  component: lazyRouteComponent(() => import("./pages/reports/reports-page"), "ReportsPage"),
});
const report = createRoute({
  getParentRoute: () => root,
  path: "/reports/$reportId",
  component: lazyRouteComponent(() => import("./pages/reports/report-page"), "ReportPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, experiment, run, compare, reports, report]),
  parseSearch: (text) => parseSearch(text),
  stringifySearch: (search) => stringifySearch(search),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
