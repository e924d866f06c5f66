@_exported import GanABI
@_exported import GanSQLite
