using Runstone.Core.Errors;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>Calls of MLflow that Runstone does not have yet. They answer what is missing, in the format that clients read.</summary>
internal static class NotYetCalls
{
    private static readonly Area[] Areas =
    [
        new("the AI gateway",
        [
            "GET /ajax-api/2.0/mlflow/gateway-proxy", "POST /ajax-api/2.0/mlflow/gateway-proxy",
            "GET /ajax-api/3.0/mlflow/gateway/provider-config", "GET /ajax-api/3.0/mlflow/gateway/secrets/config",
            "GET /ajax-api/3.0/mlflow/gateway/supported-models", "GET /ajax-api/3.0/mlflow/gateway/supported-providers",
            "POST /api/3.0/mlflow/gateway/budgets/create", "DELETE /api/3.0/mlflow/gateway/budgets/delete",
            "GET /api/3.0/mlflow/gateway/budgets/get", "GET /api/3.0/mlflow/gateway/budgets/list",
            "POST /api/3.0/mlflow/gateway/budgets/update", "GET /api/3.0/mlflow/gateway/budgets/windows",
            "POST /api/3.0/mlflow/gateway/endpoints/bindings/create", "DELETE /api/3.0/mlflow/gateway/endpoints/bindings/delete",
            "GET /api/3.0/mlflow/gateway/endpoints/bindings/list", "POST /api/3.0/mlflow/gateway/endpoints/create",
            "DELETE /api/3.0/mlflow/gateway/endpoints/delete", "DELETE /api/3.0/mlflow/gateway/endpoints/delete-tag",
            "GET /api/3.0/mlflow/gateway/endpoints/get", "GET /api/3.0/mlflow/gateway/endpoints/list",
            "POST /api/3.0/mlflow/gateway/endpoints/models/attach", "POST /api/3.0/mlflow/gateway/endpoints/models/detach",
            "POST /api/3.0/mlflow/gateway/endpoints/set-tag", "POST /api/3.0/mlflow/gateway/endpoints/update",
            "POST /api/3.0/mlflow/gateway/guardrails/add-to-endpoint", "POST /api/3.0/mlflow/gateway/guardrails/create",
            "DELETE /api/3.0/mlflow/gateway/guardrails/delete", "GET /api/3.0/mlflow/gateway/guardrails/get",
            "GET /api/3.0/mlflow/gateway/guardrails/list", "GET /api/3.0/mlflow/gateway/guardrails/list-for-endpoint",
            "DELETE /api/3.0/mlflow/gateway/guardrails/remove-from-endpoint", "PATCH /api/3.0/mlflow/gateway/guardrails/update-config",
            "POST /api/3.0/mlflow/gateway/model-definitions/create", "DELETE /api/3.0/mlflow/gateway/model-definitions/delete",
            "GET /api/3.0/mlflow/gateway/model-definitions/get", "GET /api/3.0/mlflow/gateway/model-definitions/list",
            "POST /api/3.0/mlflow/gateway/model-definitions/update", "POST /api/3.0/mlflow/gateway/secrets/create",
            "DELETE /api/3.0/mlflow/gateway/secrets/delete", "GET /api/3.0/mlflow/gateway/secrets/get",
            "GET /api/3.0/mlflow/gateway/secrets/list", "POST /api/3.0/mlflow/gateway/secrets/update",
            "POST /gateway/anthropic/v1/messages", "POST /gateway/gemini/v1beta/models/{endpoint_name}:generateContent",
            "POST /gateway/gemini/v1beta/models/{endpoint_name}:streamGenerateContent", "POST /gateway/mlflow/v1/chat/completions",
            "POST /gateway/openai/v1/chat/completions", "POST /gateway/openai/v1/embeddings", "POST /gateway/openai/v1/responses",
            "POST /gateway/{endpoint_name}/mlflow/invocations",
        ]),
        new("traces",
        [
            "GET /ajax-api/2.0/mlflow/get-trace-artifact", "GET /ajax-api/3.0/mlflow/get-trace-artifact",
            "GET /api/2.0/mlflow/get-online-trace-details", "GET /api/2.0/mlflow/traces", "POST /api/2.0/mlflow/traces",
            "PATCH /api/2.0/mlflow/traces/<request_id>", "GET /api/2.0/mlflow/traces/<request_id>/info",
            "DELETE /api/2.0/mlflow/traces/<request_id>/tags", "PATCH /api/2.0/mlflow/traces/<request_id>/tags",
            "POST /api/2.0/mlflow/traces/delete-traces", "POST /api/2.0/mlflow/traces/link-prompts",
            "POST /api/2.0/mlflow/traces/link-to-run", "GET /api/2.0/mlflow/unified-traces", "POST /api/3.0/mlflow/traces",
            "GET /api/3.0/mlflow/traces/<trace_id>", "POST /api/3.0/mlflow/traces/<trace_id>/assessments",
            "DELETE /api/3.0/mlflow/traces/<trace_id>/assessments/<assessment_id>",
            "GET /api/3.0/mlflow/traces/<trace_id>/assessments/<assessment_id>",
            "PATCH /api/3.0/mlflow/traces/<trace_id>/assessments/<assessment_id>", "DELETE /api/3.0/mlflow/traces/<trace_id>/tags",
            "PATCH /api/3.0/mlflow/traces/<trace_id>/tags", "GET /api/3.0/mlflow/traces/batchGet",
            "POST /api/3.0/mlflow/traces/batchGetInfos", "POST /api/3.0/mlflow/traces/calculate-filter-correlation",
            "POST /api/3.0/mlflow/traces/delete-traces", "GET /api/3.0/mlflow/traces/get", "POST /api/3.0/mlflow/traces/metrics",
            "POST /api/3.0/mlflow/traces/search", "POST /v1/traces",
        ]),
        new("the prompt lab",
        [
            "POST /ajax-api/2.0/mlflow/runs/create-promptlab-run",
        ]),
        new("jobs",
        [
            "POST /ajax-api/3.0/jobs/", "PATCH /ajax-api/3.0/jobs/cancel/{job_id}", "POST /ajax-api/3.0/jobs/search",
            "GET /ajax-api/3.0/jobs/{job_id}", "GET /ajax-api/3.0/mlflow/jobs/<job_id>", "PATCH /ajax-api/3.0/mlflow/jobs/cancel/<job_id>",
        ]),
        new("the assistant",
        [
            "GET /ajax-api/3.0/mlflow/assistant/config", "PUT /ajax-api/3.0/mlflow/assistant/config",
            "POST /ajax-api/3.0/mlflow/assistant/message", "GET /ajax-api/3.0/mlflow/assistant/providers/{provider}/health",
            "PATCH /ajax-api/3.0/mlflow/assistant/sessions/{session_id}",
            "GET /ajax-api/3.0/mlflow/assistant/sessions/{session_id}/stream", "POST /ajax-api/3.0/mlflow/assistant/skills/install",
        ]),
        new("demo data",
        [
            "POST /ajax-api/3.0/mlflow/demo/delete", "POST /ajax-api/3.0/mlflow/demo/generate",
        ]),
        new("issues",
        [
            "POST /ajax-api/3.0/mlflow/issues/invoke", "POST /api/3.0/mlflow/issues", "GET /api/3.0/mlflow/issues/<issue_id>",
            "PATCH /api/3.0/mlflow/issues/<issue_id>", "POST /api/3.0/mlflow/issues/search",
        ]),
        new("scorers",
        [
            "POST /ajax-api/3.0/mlflow/scorer/invoke", "DELETE /api/3.0/mlflow/scorers/delete", "GET /api/3.0/mlflow/scorers/get",
            "GET /api/3.0/mlflow/scorers/list", "PUT /api/3.0/mlflow/scorers/online-config", "GET /api/3.0/mlflow/scorers/online-configs",
            "POST /api/3.0/mlflow/scorers/register", "GET /api/3.0/mlflow/scorers/versions",
        ]),
        new("the telemetry of MLflow's page",
        [
            "GET /ajax-api/3.0/mlflow/ui-telemetry", "POST /ajax-api/3.0/mlflow/ui-telemetry",
        ]),
        new("the artifacts of model versions",
        [
            "GET /model-versions/get-artifact",
        ]),
        new("webhooks",
        [
            "GET /api/2.0/mlflow/webhooks", "POST /api/2.0/mlflow/webhooks", "DELETE /api/2.0/mlflow/webhooks/<webhook_id>",
            "GET /api/2.0/mlflow/webhooks/<webhook_id>", "PATCH /api/2.0/mlflow/webhooks/<webhook_id>",
            "POST /api/2.0/mlflow/webhooks/<webhook_id>/test",
        ]),
        new("evaluation datasets",
        [
            "DELETE /api/3.0/mlflow/datasets/<dataset_id>", "GET /api/3.0/mlflow/datasets/<dataset_id>",
            "POST /api/3.0/mlflow/datasets/<dataset_id>/add-experiments", "GET /api/3.0/mlflow/datasets/<dataset_id>/experiment-ids",
            "DELETE /api/3.0/mlflow/datasets/<dataset_id>/records", "GET /api/3.0/mlflow/datasets/<dataset_id>/records",
            "POST /api/3.0/mlflow/datasets/<dataset_id>/records", "POST /api/3.0/mlflow/datasets/<dataset_id>/remove-experiments",
            "PATCH /api/3.0/mlflow/datasets/<dataset_id>/tags", "DELETE /api/3.0/mlflow/datasets/<dataset_id>/tags/<key>",
            "POST /api/3.0/mlflow/datasets/create", "GET /api/3.0/mlflow/datasets/search", "POST /api/3.0/mlflow/datasets/search",
        ]),
        new("prompt optimization",
        [
            "POST /api/3.0/mlflow/prompt-optimization/jobs", "DELETE /api/3.0/mlflow/prompt-optimization/jobs/<job_id>",
            "GET /api/3.0/mlflow/prompt-optimization/jobs/<job_id>", "POST /api/3.0/mlflow/prompt-optimization/jobs/<job_id>/cancel",
            "GET /api/3.0/mlflow/prompt-optimization/jobs/search", "POST /api/3.0/mlflow/prompt-optimization/jobs/search",
        ]),
        new("workspaces",
        [
            "GET /api/3.0/mlflow/workspaces", "POST /api/3.0/mlflow/workspaces", "DELETE /api/3.0/mlflow/workspaces/<workspace_name>",
            "GET /api/3.0/mlflow/workspaces/<workspace_name>", "PATCH /api/3.0/mlflow/workspaces/<workspace_name>",
        ]),
        new("the GraphQL of MLflow's page",
        [
            "GET /graphql", "POST /graphql",
        ]),
    ];

    public static void Map(MlflowRoutes routes)
    {
        foreach (var area in Areas)
        {
            foreach (var call in area.Calls)
                Map(routes, area.Name, call);
        }
    }

    private static void Map(MlflowRoutes routes, string area, string call)
    {
        var space = call.IndexOf(' ', StringComparison.Ordinal);
        var (method, path) = (call[..space], call[(space + 1)..]);
        if (path.StartsWith("/api/", StringComparison.Ordinal))
            routes.Api(method, path["/api/".Length..], Refuse);
        else
            routes.Only(method, path, Refuse);

        Task Refuse(HttpContext context) => throw new RunstoneException(new NotYet(method, context.Request.Path, area));
    }

    /// <summary>What is missing, and the calls that need it, as docs/compat/mlflow.md spells them.</summary>
    private sealed record Area(string Name, string[] Calls);
}
