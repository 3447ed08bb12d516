/** What each shell runs: all of them ask `millrace completion candidates`. */
export const completionScripts = {
  bash: `_millrace() {
  local IFS=$'\\n'
  COMPREPLY=($(millrace completion candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _millrace millrace
`,
  zsh: `#compdef millrace
_millrace() {
  local -a candidates
  candidates=("\${(@f)$(millrace completion candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
}
compdef _millrace millrace
`,
  fish: `function __millrace_candidates
  set -l words (commandline -opc) (commandline -ct)
  millrace completion candidates -- $words[2..-1] 2>/dev/null
end
complete -c millrace -f -a '(__millrace_candidates)'
`,
} as const;
