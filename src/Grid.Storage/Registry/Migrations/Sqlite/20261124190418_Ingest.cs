using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Ingest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ReplayAskedAt",
                table: "Quarantine",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ReplayedAt",
                table: "Quarantine",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MaxPowerW",
                table: "Meters",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ByMs",
                table: "MeterEvents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ClockSkews",
                columns: table => new
                {
                    Gateway = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    AheadMs = table.Column<long>(type: "INTEGER", nullable: false),
                    NoticedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClockSkews", x => x.Gateway);
                });

            migrationBuilder.CreateTable(
                name: "Gaps",
                columns: table => new
                {
                    Gateway = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    NoticedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    End = table.Column<int>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Gaps", x => new { x.Gateway, x.Epoch, x.From });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Quarantine_Gateway_ReceivedAt",
                table: "Quarantine",
                columns: new[] { "Gateway", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Quarantine_ReplayAskedAt",
                table: "Quarantine",
                column: "ReplayAskedAt",
                filter: "\"ReplayAskedAt\" IS NOT NULL AND \"ReplayedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Gaps_NoticedAt",
                table: "Gaps",
                column: "NoticedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ClockSkews");

            migrationBuilder.DropTable(
                name: "Gaps");

            migrationBuilder.DropIndex(
                name: "IX_Quarantine_Gateway_ReceivedAt",
                table: "Quarantine");

            migrationBuilder.DropIndex(
                name: "IX_Quarantine_ReplayAskedAt",
                table: "Quarantine");

            migrationBuilder.DropColumn(
                name: "ReplayAskedAt",
                table: "Quarantine");

            migrationBuilder.DropColumn(
                name: "ReplayedAt",
                table: "Quarantine");

            migrationBuilder.DropColumn(
                name: "MaxPowerW",
                table: "Meters");

            migrationBuilder.DropColumn(
                name: "ByMs",
                table: "MeterEvents");
        }
    }
}
