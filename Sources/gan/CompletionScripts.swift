// What bash, zsh and fish run at a TAB: each asks the program what may come next (see Completion.swift) and shows it in its own
// way. `gan --generate-completion-script SHELL` prints one.

enum CompletionScripts {
    static let all = ["bash": bash, "zsh": zsh, "fish": fish]

    /// bash takes = for the end of a word, so words are put together again, and of an answer only what follows the = is given back.
    private static let bash = #"""
        # Completions of gan for bash: to be sourced, or to lie where bash-completion looks.
        _gan() {
            local -a words=()
            local -i last=-1
            local word rest current before
            for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
                if ((last >= 0)) && [[ $word == =* || ${words[last]} == *= ]]; then
                    words[last]+=$word
                else
                    words[++last]=$word
                fi
            done
            current=${words[last]}
            before=
            [[ $current == *=* && $COMP_WORDBREAKS == *=* ]] && before=${current%"${current##*=}"}
            COMPREPLY=()
            while IFS=$'\t' read -r word rest; do
                case $word in
                :files)
                    compopt -o filenames
                    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
                        files=$(compgen -f -X "!*$rest" -- "$2")
                        [[ -n $files ]] || files=$(compgen -f -- "$2")
                        printf '%s\n' "$files"
                        [[ -z $rest ]] || compgen -d -- "$2")
                    [[ -n ${COMPREPLY[0]} ]] || COMPREPLY=()
                    ;;
                :directories)
                    compopt -o filenames
                    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$2")
                    ;;
                *)
                    COMPREPLY+=("${word#"$before"}")
                    [[ $word != *= ]] || compopt -o nospace
                    ;;
                esac
            done < <("$1" __complete "${words[@]}" 2>/dev/null)
        }
        complete -F _gan gan

        """#

    private static let zsh = #"""
        #compdef gan
        # Completions of gan for zsh: to be in a folder of $fpath as _gan, or to be sourced after compinit.
        _gan() {
            local -a lines whole open
            local line word
            local -i code=1
            lines=("${(@f)$("${words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
            for line in "${lines[@]}"; do
                word=${line%%$'\t'*}
                case $word in
                '') ;;
                :files) _files -g "*${line#*$'\t'}(-.)" && code=0 || { _files && code=0 } ;;
                :directories) _files -/ && code=0 ;;
                *)
                    [[ $line == *$'\t'* ]] && line="${word//:/\\:}:${line#*$'\t'}" || line=${word//:/\\:}
                    [[ $word == *= ]] && open+=("$line") || whole+=("$line")
                    ;;
                esac
            done
            ((${#whole})) && _describe -V gan whole && code=0
            ((${#open})) && _describe -V gan open -S '' && code=0
            return code
        }
        if [[ ${funcstack[1]} == _gan ]]; then _gan "$@"; else compdef _gan gan; fi

        """#

    private static let fish = #"""
        # Completions of gan for fish: to lie in a folder of completions as gan.fish, or to be sourced.
        function __gan_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            for line in (command $words[1] __complete $words[2..] "$current" 2>/dev/null)
                set -l parts (string split -m 1 \t -- $line)
                switch $parts[1]
                    case :files
                        if test -n "$parts[2]"
                            __fish_complete_suffix "$current" $parts[2]
                        else
                            __fish_complete_path "$current"
                        end
                    case :directories
                        __fish_complete_directories "$current" ''
                    case '*'
                        printf '%s\n' $line
                end
            end
        end
        complete -c gan -f -k -a '(__gan_complete)'

        """#
}
