// Raises, waits and decides by the client that /openapi generates.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

function client(key: string) {
  const baseUrl = process.env.HUB_URL;
  return createClient<paths>({ baseUrl, headers: { "X-API-Key": key } });
}

async function main(): Promise<void> {
  const agent = client("agent-key-for-the-generated-client");
  const operator = client("operator-key-for-the-generated-client");

  const raised = await agent.POST("/v2/approvals", {
    body: { tool_name: "deploy", tool_args: { to: "production" }, reason: "release 1.2" },
  });
  const id = raised.data?.job_id;
  if (raised.response.status !== 201 || id === undefined) {
    throw new Error(`not raised: ${JSON.stringify(raised.error)}`);
  }
  const path = { job_id: id };
  const waiting = agent.GET("/v2/approvals/{job_id}", { params: { path, query: { wait: "30s" } } });

  const pending = await operator.GET("/v2/approvals", { params: { query: { status: "pending" } } });
  if (pending.data?.[0]?.job_id !== id) {
    throw new Error("not listed");
  }
  const decided = await operator.POST("/v2/approvals/{job_id}/decide", {
    params: { path },
    body: { approved: true, reason: "only on staging", modified_args: { to: "staging" } },
  });
  const answer = (await waiting).data;
  if (decided.data?.status !== "approved" || answer?.status !== "approved") {
    throw new Error(`not decided: ${JSON.stringify(decided.error)}`);
  }
  const late = await operator.POST("/v2/approvals/{job_id}/deny", { params: { path } });
  if (late.error?.status !== 409) {
    throw new Error("decided twice");
  }
  console.log(`raised ${id}, waited, ${answer.status} by ${answer.decided_by}; then: ${late.error.detail}`);
}

await main();
