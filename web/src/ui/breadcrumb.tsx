import { Link } from "@tanstack/react-router";

/** Stands before each place but the first: the top bar hides it there. */
const Slash = () => (
  <span aria-hidden="true" data-slash className="text-line-strong">
    /
  </span>
);

export function ExperimentCrumb({
  id,
  name,
  current = false,
}: {
  id: string;
  name: string | undefined;
  current?: boolean;
}) {
  return (
    <>
      <Slash />
      {current ? (
        <span aria-current="page" className="truncate font-medium text-ink">
          {name}
        </span>
      ) : (
        <Link
          to="/experiments/$experimentId"
          params={{ experimentId: id }}
          className="min-w-12 shrink-[20] truncate rounded-sm hover:text-ink"
        >
          {name ?? "…"}
        </Link>
      )}
    </>
  );
}

export const TextCrumb = ({ text }: { text: string | undefined }) => (
  <>
    <Slash />
    <span aria-current="page" className="truncate font-medium text-ink">
      {text}
    </span>
  </>
);
