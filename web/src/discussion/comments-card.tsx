import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  addComment,
  deleteComment,
  editComment,
  refreshComments,
  type Subject,
  standingComments,
  useComments,
} from "@/api/comments";
import { failureOf } from "@/api/queries";
import type { Comment } from "@/api/types";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Markdown } from "@/ui/markdown";
import { MarkdownEditor } from "@/ui/markdown-editor";
import { Menu, MenuItem } from "@/ui/menu";
import { ErrorState, Skeleton } from "@/ui/state-views";
import { Ago } from "@/ui/time";
import { notifyError } from "@/ui/toast";

/** What people said about something, the oldest first, and a field to say more. */
export function CommentsCard({ subject }: { subject: Subject }) {
  const list = useComments(subject);
  const failure = failureOf(list);
  const comments = list.data?.pages.flatMap((page) => page.comments) ?? [];
  const standing = standingComments(list);
  const change = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
      await refreshComments(subject);
      return true;
    } catch (cause) {
      notifyError(what, cause);
      return false;
    }
  };
  return (
    <Card
      title={<>Comments {standing.count > 0 && <span className="num font-normal text-ink-3">{standing.text}</span>}</>}
    >
      {failure ? (
        <ErrorState what="The comments could not be read" error={failure} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton className="m-4 h-12" />
      ) : (
        comments.length > 0 && (
          <ul className="divide-y divide-line border-b border-line">
            {comments.map((comment) => (
              <One key={comment.id} comment={comment} change={change} />
            ))}
          </ul>
        )
      )}
      {list.hasNextPage && (
        <div className="border-b border-line px-4 py-2">
          <Button look="ghost" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Newer comments
          </Button>
        </div>
      )}
      <div className="p-3">
        <MarkdownEditor
          label="Comment in Markdown"
          text=""
          save="Comment"
          placeholder="What do you see here?"
          onSave={(text) =>
            change("The comment was not saved; your text is still here", () => addComment(subject, text))
          }
        />
      </div>
    </Card>
  );
}

interface OneProps {
  comment: Comment;
  change: (what: string, work: () => Promise<unknown>) => Promise<boolean>;
}

function One({ comment, change }: OneProps) {
  const [editing, setEditing] = useState(false);
  if (comment.text === undefined)
    return (
      <li className="px-4 py-2 text-xs text-ink-3">
        {comment.person} deleted a comment <Ago time={comment.deletedAt ?? comment.createdAt} />
      </li>
    );
  return (
    <li className="px-4 py-2.5">
      <div className="flex h-6 items-center gap-2 text-xs text-ink-3">
        <span className="font-medium text-ink-2">{comment.person}</span>
        <Ago time={comment.createdAt} />
        {comment.editedAt !== undefined && <span>edited</span>}
        <span className="grow" />
        <Menu
          trigger={
            <button
              type="button"
              aria-label="Actions for this comment"
              className="grid size-6 place-items-center rounded-md hover:bg-hover hover:text-ink aria-expanded:bg-hover"
            >
              <Ellipsis className="size-3.5" />
            </button>
          }
        >
          <MenuItem onSelect={() => setEditing(true)}>
            <Pencil />
            Edit
          </MenuItem>
          <MenuItem danger onSelect={() => void change("The comment was not deleted", () => deleteComment(comment.id))}>
            <Trash2 />
            Delete
          </MenuItem>
        </Menu>
      </div>
      {editing ? (
        <MarkdownEditor
          label="Change the comment"
          text={comment.text}
          save="Save"
          onCancel={() => setEditing(false)}
          onSave={async (text) => {
            const kept = await change("The comment was not changed", () => editComment(comment.id, text));
            if (kept) setEditing(false);
            return kept;
          }}
        />
      ) : (
        <Markdown text={comment.text} />
      )}
    </li>
  );
}
