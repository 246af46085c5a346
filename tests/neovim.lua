-- Opens a brief in Neovim with kan's language server, waits for its diagnostics, applies the first fix, and prints
-- what happened as JSON lines. Arguments: the kan command, the brief.
local command, brief = vim.env.KAN_COMMAND, vim.env.KAN_BRIEF
local function say(value) io.stdout:write(vim.json.encode(value) .. "\n") end
local client = vim.lsp.start_client({ name = "kan", cmd = vim.split(command, " "), root_dir = vim.fn.getcwd() })
vim.cmd("edit " .. vim.fn.fnameescape(brief))
vim.lsp.buf_attach_client(0, client)
local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    local text = vim.api.nvim_buf_get_text(0, each.lnum, each.col, each.end_lnum, each.end_col, {})
    table.insert(found, { code = each.code, text = table.concat(text, "\n"), severity = each.severity })
  end
  return found
end
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
say({ opened = codes() })
local first = vim.diagnostic.get(0)[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
local parameters = vim.lsp.util.make_range_params()
parameters.context = { diagnostics = {}, only = { "quickfix" } }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", parameters, 10000)
local actions = answers and answers[client] and answers[client].result or {}
say({ actions = vim.tbl_map(function(action) return action.title end, actions) })
if #actions > 0 then
  vim.lsp.util.apply_workspace_edit(actions[1].edit, vim.lsp.get_client_by_id(client).offset_encoding)
  vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 end, 50)
end
say({ mended = codes(), text = vim.api.nvim_buf_get_lines(0, 0, -1, false) })
vim.lsp.stop_client(client)
vim.cmd("qall!")
