#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Asks bash itself what it would offer. Usage: completion_test.bash COMPLETION_FILE DIRECTORY_OF_QUAYCTL
set -u
source "$1" || exit 1
PATH="$2:$PATH"
export QUAY_RUNTIME_DIRECTORY=/nonexistent
compopt() { :; }  # bash has it only while it completes
failed=0

# offers WORDS... -- EXPECTED...: completing the last of WORDS offers exactly EXPECTED.
offers() {
  local words=()
  while [[ $1 != -- ]]; do
    words+=("$1")
    shift
  done
  shift
  COMP_WORDS=("${words[@]}")
  COMP_CWORD=$((${#words[@]} - 1))
  COMPREPLY=()
  _quayctl
  if [[ "${COMPREPLY[*]}" != "$*" ]]; then
    printf 'completing "%s": offered "%s", expected "%s"\n' "${words[*]}" "${COMPREPLY[*]}" "$*"
    failed=1
  fi
}

offers quayctl s -- status selftest scan
offers quayctl --la -- --lang
offers quayctl r -- ready report
offers quayctl report m -- merge
offers quayctl --lang '' -- vi en
offers quayctl --lang vi w -- watch
offers quayctl scan --source adf -- adf adf_duplex
offers quayctl scan --mode '' -- color gray bitonal
offers quayctl scan --prof -- --profile
offers quayctl scan --profile ph -- photo
offers quayctl scan --profile po -- portrait portrait-4x6
offers quayctl scan --profile card -- card card-sides
offers quayctl scan -o '' --
offers quayctl card r -- read
offers quayctl card read --field is -- issue_date
offers quayctl scan --device '' --
offers quayctl do -- doctor
offers quayctl doctor --f -- --fix
offers quayctl watch --t -- --topic
offers quayctl explain paper. -- paper.empty paper.jam
offers quayctl clean --keep -- --keep-geometry
offers quayctl clean '' --

# Every option that a verb knows is offered, and every verb.
options_of() { quayctl "$@" --help | sed -nE 's/^  (-[a-z],)?(--[a-z-]+).*/\2/p' | sort; }
for verb in $(quayctl --help | sed -nE '/^Subcommands:/,/^$/s/^  ([a-z]+) .*/\1/p'); do
  COMP_WORDS=(quayctl "$verb" --)
  COMP_CWORD=2
  _quayctl
  for option in $(options_of "$verb"); do
    if [[ " ${COMPREPLY[*]} " != *" $option "* ]]; then
      echo "completion of '$verb' does not offer $option"
      failed=1
    fi
  done
done
exit $failed
