-- Opens a brief in Neovim with the configuration that pipeline/lint/README.md gives, waits for what kan finds in it,
-- applies the fix of the first finding and then that of everything, breaks the document and mends it again. What
-- Neovim showed each time is printed, a line of JSON each. KAN_CONFIGURATION and KAN_BRIEF name the files.
local function say(value) io.stdout:write(vim.json.encode(value) .. "\n") end
local function shown() return vim.diagnostic.get(0) end
local function wait(ready) if not vim.wait(30000, ready, 20) then say({ failed = "waited in vain" }) end end

local function findings()
  return vim.tbl_map(function(each)
    local text = vim.api.nvim_buf_get_text(0, each.lnum, each.col, each.end_lnum, each.end_col, {})
    return { code = each.code, severity = each.severity, text = table.concat(text, "\n") }
  end, shown())
end

local function fix(kind, at)
  vim.api.nvim_win_set_cursor(0, { at.lnum + 1, at.col })
  local parameters = vim.lsp.util.make_range_params(0, "utf-16")
  parameters.context = { diagnostics = {}, only = { kind } }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", parameters, 30000)
  local client, answer = next(answers)
  local action = answer.result[1]
  vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(client).offset_encoding)
  return action.title
end

dofile(vim.env.KAN_CONFIGURATION)
vim.cmd("edit " .. vim.fn.fnameescape(vim.env.KAN_BRIEF))
wait(function() return #shown() > 0 end)
local before = shown()
say({ found = findings() })

local title = fix("quickfix", before[1])
wait(function() return #shown() == #before - 1 end)
say({ title = title, found = findings() })

title = fix("source.fixAll", shown()[1])
wait(function() return #shown() == 0 end)
say({ title = title, found = findings(), text = vim.api.nvim_buf_get_lines(0, 0, -1, false) })

vim.api.nvim_buf_set_lines(0, 3, 3, false, { "<p>" })
wait(function() return #shown() > 0 end)
say({ found = findings() })
vim.api.nvim_buf_set_lines(0, 3, 4, false, {})
wait(function() return #shown() == 0 end)
say({ found = findings() })
vim.cmd("qall!")
