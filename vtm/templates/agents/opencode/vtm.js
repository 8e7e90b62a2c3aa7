// Tells vtm what happens in OpenCode, and OpenCode what vtm says to it. Installed by `vtm init --agent opencode`.
import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"

const EDITS = new Set(["edit", "write", "patch", "apply_patch", "multiedit"])
const PATIENCE = 10_000

// The reply of a hook; null where it says nothing, whatever the reason.
function hook(name, cwd, event) {
  return new Promise((resolve) => {
    const child = spawn("vtm", ["hook", name], { cwd, stdio: ["pipe", "pipe", "ignore"], timeout: PATIENCE })
    const said = []
    child.on("error", () => resolve(null))
    child.stdin.on("error", () => {})
    child.stdout.on("data", (data) => said.push(data))
    child.on("close", () => {
      try {
        resolve(JSON.parse(Buffer.concat(said).toString("utf8")))
      } catch {
        resolve(null)
      }
    })
    child.stdin.end(JSON.stringify({ cwd, ...event }))
  })
}

export const Vtm = async ({ directory, client }) => {
  const primed = new Map()
  const warnings = new Map()
  const idle = new Set()
  const delegated = new Set()
  // One session for hooks, shell and server alike, with all the agents that this one delegates to.
  const own = process.env.VTM_SESSION || `opencode-${randomUUID()}`

  return {
    config: async (config) => {
      const server = config.mcp?.vtm
      if (server?.type === "local") server.environment = { VTM_SESSION: own, ...server.environment }
    },

    "shell.env": async (input, output) => {
      output.env.VTM_SESSION = own
    },

    "experimental.chat.system.transform": async (input, output) => {
      const session = input.sessionID ?? ""
      if (!primed.has(session)) {
        const reply = await hook("session-start", directory, { session_id: own, source: "startup" })
        primed.set(session, reply?.hookSpecificOutput?.additionalContext ?? "")
      }
      if (primed.get(session)) output.system.push(primed.get(session))
    },

    "tool.execute.before": async (input, output) => {
      if (!EDITS.has(input.tool)) return
      const event = { session_id: own, tool_name: input.tool, tool_input: output.args }
      const said = (await hook("pre-tool-use", directory, event))?.hookSpecificOutput
      if (said?.permissionDecision === "deny") throw new Error(said.permissionDecisionReason)
      if (said?.additionalContext) warnings.set(input.callID, said.additionalContext)
    },

    "tool.execute.after": async (input, output) => {
      const warning = warnings.get(input.callID)
      if (warning && typeof output.output === "string") output.output += `\n\n${warning}`
      warnings.delete(input.callID)
      if (input.tool !== "read" && input.tool !== "bash") return
      const response = { truncated: output.metadata?.truncated === true }
      const event = { session_id: own, tool_name: input.tool, tool_input: input.args ?? {} }
      await hook("post-tool-use", directory, { ...event, tool_response: response })
    },

    event: async ({ event }) => {
      const created = event.type === "session.created" ? event.properties.info : null
      if (created?.parentID) delegated.add(created.id)
      if (event.type !== "session.idle" || delegated.has(event.properties.sessionID)) return
      const session = event.properties.sessionID
      const reply = await hook("stop", directory, { session_id: own, stop_hook_active: idle.has(session) })
      if (reply?.decision !== "block") return idle.delete(session)
      idle.add(session)
      const parts = [{ type: "text", text: reply.reason }]
      await client.session.prompt({ path: { id: session }, body: { parts } }).catch(() => {})
    },
  }
}
