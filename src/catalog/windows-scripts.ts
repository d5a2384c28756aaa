import type { ProfileContext } from '../model/profile.ts';
import { keyLines } from './install-scripts.ts';
import { quotePowershell } from './powershell-words.ts';
import { diskQuery } from './windows-disk.ts';

/** What WinPE runs instead of its setup: finds the disk by the rule that was confirmed, reaches the share, asks the boot service, writes the disk's number into the answer file and starts setup. Only a first line `go` lets it begin; every way out but setup's stops for good. */
export function startnet({
  options,
  disk,
  reportUrl,
}: ProfileContext<{ readonly share: string }>): string {
  return `@echo off
setlocal EnableExtensions EnableDelayedExpansion
wpeinit
wpeutil WaitForNetwork
set count=0
rem wmic ends its lines with two carriage returns: the inner loop takes the second one off
for /f "tokens=2 delims==" %%D in ('wmic diskdrive where "${diskQuery(disk)}" get Index /value') do for /f "tokens=1" %%E in ("%%D") do (
  set /a count+=1
  set disk=%%E
)
if not "!count!"=="1" (
  set why=!count!+disks+fit+the+rule,+not+one
  goto failed
)
net use Z: ${options.share}
if errorlevel 1 (
  set why=the+share+cannot+be+reached
  goto failed
)
> X:\\labkit.xml (
  for /f "usebackq delims=" %%L in ("%SYSTEMROOT%\\System32\\unattend.xml") do (
    set "line=%%L"
    echo(!line:LABKIT_DISK=%disk%!
  )
)
findstr LABKIT_DISK X:\\labkit.xml > nul && (
  set why=the+disk+could+not+be+named+to+setup
  goto failed
)
set asked=0
:ask
set answer=
if exist X:\\answer.txt del X:\\answer.txt
curl.exe -fsS -m 20 -o X:\\answer.txt "${reportUrl}?stage=writing&disk_name=!disk!"
if not errorlevel 1 set /p answer=<X:\\answer.txt
if "!answer!"=="go" goto install
if "!answer:~0,4!"=="stop" goto stopped
set /a asked+=1
if !asked! lss 120 (
  ping -n 6 127.0.0.1 > nul
  goto ask
)
:stopped
echo The boot service gives no leave to write: !answer!
goto stop
:install
Z:\\setup.exe /unattend:X:\\labkit.xml
exit /b
:failed
curl.exe -fsS -m 20 -o X:\\answer.txt "${reportUrl}?stage=failed&reason=!why!"
echo !why!.
:stop
echo Nothing was written.
:wait
pause
goto wait
`;
}

/** Run once before the first start of the new system: makes it the technicians' own, with an account whose password nobody knows (`net user /random`), and tells its host key; `failed` with the reason where a step went wrong. */
export function finishScript({
  options,
  sshKeys,
  reportUrl,
}: ProfileContext<{ readonly user: string }>): string {
  const user = quotePowershell(options.user);
  const account =
    options.user === ''
      ? ''
      : `  Run net.exe user ${user} /random /add > $null
  Run net.exe localgroup Administrators ${user} /add
`;
  const keys = keyLines(sshKeys).map(quotePowershell).join(', ');
  return `$ErrorActionPreference = 'Stop'
function Run {
  $program, $rest = $args
  & $program @rest
  if ($LASTEXITCODE -ne 0) { throw "$program ended with $LASTEXITCODE" }
}
function Tell($query) {
  foreach ($try in 1..200) {
    try { return [string](Invoke-RestMethod (${quotePowershell(reportUrl)} + '?stage=' + $query)) } catch { Start-Sleep 3 }
  }
  throw 'the boot service does not answer'
}
try {
${account}  Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0
  Set-Service sshd -StartupType Automatic
  Start-Service sshd
  $file = "$env:ProgramData\\ssh\\administrators_authorized_keys"
  Set-Content -Path $file -Value @(${keys})
  Run icacls.exe $file /inheritance:r /grant 'SYSTEM:F' /grant 'Administrators:F'
  $key = ((Get-Content "$env:ProgramData\\ssh\\ssh_host_ed25519_key.pub") -split ' ')[0..1] -join ' '
  if ($key -notmatch '^ssh-ed25519 \\S+$') { throw 'it made no host key' }
  $answer = Tell ('installed&hostkey=' + [uri]::EscapeDataString($key))
  if ($answer.Trim() -ne 'go') { throw 'the boot service did not take it' }
} catch {
  Tell ('failed&reason=' + [uri]::EscapeDataString("the new system could not be claimed: $_"))
}
`;
}
