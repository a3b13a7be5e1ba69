# Restores the build tool and runs build.cake; ./build.ps1 --help lists targets and options.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
if ([Console]::IsOutputRedirected) { $env:NO_COLOR = '1' }

$dotnet = Get-Command dotnet -ErrorAction SilentlyContinue
if ($dotnet) { $version = & dotnet --version }
if (-not $dotnet -or $LASTEXITCODE -ne 0) {
    $version | Write-Output
    [Console]::Error.WriteLine("build.ps1 needs the .NET 10 SDK as 'dotnet' on the PATH: https://dotnet.microsoft.com/download")
    exit 1
}
$restored = & dotnet tool restore
if ($LASTEXITCODE -ne 0) {
    $restored | Write-Output
    exit 1
}
& dotnet cake build.cake '--' @args
exit $LASTEXITCODE
